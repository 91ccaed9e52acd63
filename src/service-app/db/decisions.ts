/** What supervisors decided of ads that Salesforce could not enter. */
import type { Queryable } from '../../shared/sql/types.ts';
import type { AdOutcome, DecisionKind } from '../../shared/usage-messages.ts';
import type { Ad } from './ads.ts';

export interface MadeDecision {
  adId: string;
  /** The version that was decided on; the next one carries the decision out. */
  version: number;
  kind: DecisionKind;
  /** Null only for the next contract. */
  reason: string | null;
  by: string;
  at: Date;
}

/** A decision as its page shows it: with what was decided on, and what became of it. */
export interface ShownDecision extends MadeDecision, Pick<Ad, 'title' | 'contractNumber' | 'uses'> {
  errorCode: string | null;
  error: string | null;
  /** The contract that the deciding version names. */
  nextContractNumber: string;
  /** Of the newest version since that Salesforce has decided; null: of none yet. */
  outcome: AdOutcome | null;
}

const COLUMNS = `decision.ad_id AS "adId", decision.version, decision.kind, decision.reason, decision.by_user AS by, decision.at`;

export const insertDecision = (tx: Queryable, made: MadeDecision, ad: Ad): Promise<unknown> =>
  tx.query(
    `INSERT INTO ad_decision (ad_id, version, kind, reason, by_user, at, error_code, error) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [made.adId, made.version, made.kind, made.reason, made.by, made.at, ad.errorCode, ad.error],
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
    `SELECT ${COLUMNS}, decision.error_code AS "errorCode", decision.error, before.state ->> 'title' AS title,
       before.state ->> 'contractNumber' AS "contractNumber", before.state -> 'uses' AS uses,
       since.state ->> 'contractNumber' AS "nextContractNumber",
       CASE WHEN ad.decided_version > decision.version THEN ad.outcome END AS outcome
       FROM ad_decision AS decision JOIN ad ON ad.id = decision.ad_id
       JOIN ad_change AS before ON before.ad_id = decision.ad_id AND before.version = decision.version
       JOIN ad_change AS since ON since.ad_id = decision.ad_id AND since.version = decision.version + 1
      ORDER BY decision.at DESC, decision.ad_id LIMIT $1`,
    [limit],
  );

/** What Salesforce's entries say of an ad, as it was saved here then; null: Salesforce never entered it. */
export const appliedState = async (
  tx: Queryable,
  adId: string,
): Promise<Pick<Ad, 'title' | 'contractNumber' | 'currency' | 'cancelled' | 'uses'> | null> =>
  (
    await tx.query<{ state: Ad }>(
      `SELECT change.state FROM ad_change AS change JOIN ad ON ad.id = change.ad_id AND ad.applied_version = change.version
        WHERE ad.id = $1`,
      [adId],
    )
  )[0]?.state ?? null;
