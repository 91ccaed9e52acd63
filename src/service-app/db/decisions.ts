/** What supervisors decided of ads that Salesforce could not enter. */
import type { Queryable } from '../../shared/sql/types.ts';
import type { AdOutcome, DecisionKind } from '../../shared/usage-messages.ts';
import type { Ad } from './ads.ts';

export interface MadeDecision {
  adId: string;
  /** The version that was decided on. */
  version: number;
  kind: DecisionKind;
  /** Null only for the next contract. */
  reason: string | null;
  by: string;
  at: Date;
  /** The version that carries the decision out. */
  carriedOut: number;
  inSalesforce: boolean;
}

/** A decision as its page shows it: with what was decided on, and what became of it. */
export interface ShownDecision extends MadeDecision, Pick<Ad, 'title' | 'contractNumber' | 'uses'> {
  errorCode: string | null;
  error: string | null;
  /** The contract that the version names which carries it out. */
  nextContractNumber: string;
  /** What a supervisor had decided here; null: nothing. */
  setAside: Pick<MadeDecision, 'kind' | 'by'> | null;
  /** Of the newest version since that Salesforce has decided; null: of none yet. */
  outcome: AdOutcome | null;
}

const COLUMNS = `decision.ad_id AS "adId", decision.version, decision.kind, decision.reason, decision.by_user AS by, decision.at,
  decision.carried_version AS "carriedOut", decision.in_salesforce AS "inSalesforce"`;

/** One that was made in Salesforce replaces one that was made here. */
export const saveDecision = (tx: Queryable, made: MadeDecision, ad: Ad): Promise<unknown> =>
  tx.query(
    `INSERT INTO ad_decision (ad_id, version, kind, reason, by_user, at, carried_version, in_salesforce, error_code, error)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (ad_id, version) DO UPDATE SET kind = excluded.kind, reason = excluded.reason, by_user = excluded.by_user,
       at = excluded.at, carried_version = excluded.carried_version, in_salesforce = true,
       set_aside = jsonb_build_object('kind', ad_decision.kind, 'by', ad_decision.by_user)
     WHERE excluded.in_salesforce`,
    [
      made.adId,
      made.version,
      made.kind,
      made.reason,
      made.by,
      made.at,
      made.carriedOut,
      made.inSalesforce,
      ad.errorCode,
      ad.error,
    ],
  );

export const findDecision = async (db: Queryable, adId: string, version: number): Promise<MadeDecision | null> =>
  (
    await db.query<MadeDecision>(`SELECT ${COLUMNS} FROM ad_decision AS decision WHERE ad_id = $1 AND version = $2`, [
      adId,
      version,
    ])
  )[0] ?? null;

/** The last decision on each of these ads that has one. */
export const lastDecisions = (db: Queryable, adIds: readonly string[]): Promise<MadeDecision[]> =>
  db.query<MadeDecision>(
    `SELECT DISTINCT ON (ad_id) ${COLUMNS} FROM ad_decision AS decision WHERE ad_id = ANY($1::text[]) ORDER BY ad_id, version DESC`,
    [adIds],
  );

/** The latest first. */
export const listDecisions = (db: Queryable, limit: number): Promise<ShownDecision[]> =>
  db.query<ShownDecision>(
    `SELECT ${COLUMNS}, decision.set_aside AS "setAside", decision.error_code AS "errorCode", decision.error, before.state ->> 'title' AS title,
       before.state ->> 'contractNumber' AS "contractNumber", before.state -> 'uses' AS uses,
       since.state ->> 'contractNumber' AS "nextContractNumber",
       CASE WHEN ad.decided_version > decision.version THEN ad.outcome END AS outcome
       FROM ad_decision AS decision JOIN ad ON ad.id = decision.ad_id
       JOIN ad_change AS before ON before.ad_id = decision.ad_id AND before.version = decision.version
       JOIN ad_change AS since ON since.ad_id = decision.ad_id AND since.version = decision.carried_version
      ORDER BY decision.at DESC, decision.ad_id LIMIT $1`,
    [limit],
  );

/** What a version of an ad says. */
export type State = Pick<Ad, 'title' | 'contractNumber' | 'currency' | 'cancelled' | 'uses'>;

/** What Salesforce's entries say of an ad, as it was saved here then; null: Salesforce never entered it. */
export const appliedState = async (tx: Queryable, adId: string): Promise<State | null> =>
  (
    await tx.query<{ state: Ad }>(
      `SELECT change.state FROM ad_change AS change JOIN ad ON ad.id = change.ad_id AND ad.applied_version = change.version
        WHERE ad.id = $1`,
      [adId],
    )
  )[0]?.state ?? null;

/** An ad as it was saved at a version; null: there is none. */
export const stateAt = async (tx: Queryable, adId: string, version: number): Promise<State | null> =>
  (await tx.query<{ state: Ad }>('SELECT state FROM ad_change WHERE ad_id = $1 AND version = $2', [adId, version]))[0]
    ?.state ?? null;

/** Whether reconciliation took the ad back as one that nobody here has booked. */
export const wasWithdrawn = async (tx: Queryable, adId: string): Promise<boolean> =>
  (await tx.query("SELECT FROM ad_change WHERE ad_id = $1 AND what = 'withdrawn' LIMIT 1", [adId])).length > 0;
