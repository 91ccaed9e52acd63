import type { AdOutcome } from '../../shared/usage-messages.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import type { LiveAd } from '../contracts.ts';
import { stampBookings } from './bookings.ts';

/** An ad as the service team sees it: what it says, and what became of that. */
export interface Ad extends LiveAd {
  /** Null: the newest version's outcome is not known yet. */
  outcome: AdOutcome | null;
  errorCode: string | null;
  error: string | null;
}

/** Where the report of an ad's newest version stands, while its outcome is not known. */
export interface ReportState {
  /** queued: nobody has it yet; taken: the middle layer has it; rejected: nobody will take it as it is. */
  state: 'queued' | 'taken' | 'rejected';
  /** How often it was not taken. */
  attempts: number;
  error: string | null;
}

/** An ad as its pages show it. */
export interface ShownAd extends Ad {
  /** Null: nothing is left to report. */
  report: ReportState | null;
}

/** Units as text: whatever reads them as a float loses some. */
const COLUMNS = `id, version, title, contract_number AS "contractNumber", currency, booked_at AS "bookedAt", cancelled,
    CASE WHEN decided_version = version THEN outcome END AS outcome, error_code AS "errorCode", error,
    coalesce((SELECT jsonb_agg(jsonb_build_object('position', position, 'productNumber', product_number,
        'units', trim_scale(units)::text) ORDER BY position) FROM ad_use WHERE ad_id = ad.id), '[]'::jsonb) AS uses`;
const AD = `SELECT ${COLUMNS} FROM ad`;
const SHOWN_COLUMNS = `${COLUMNS},
    (SELECT jsonb_build_object('state', state, 'attempts', attempts, 'error', report.error) FROM report WHERE ad_id = ad.id) AS report`;
const SHOWN = `SELECT ${SHOWN_COLUMNS} FROM ad`;
const SHOWN_SINCE = `SELECT ${SHOWN_COLUMNS}, decided_at AS since FROM ad`;

export const findAd = async (db: Queryable, id: string): Promise<ShownAd | null> =>
  (await db.query<ShownAd>(`${SHOWN} WHERE id = $1`, [id]))[0] ?? null;

/** Those of these ids that there are. */
export const findAds = (db: Queryable, ids: readonly string[]): Promise<Ad[]> =>
  db.query<Ad>(`${AD} WHERE id = ANY($1::text[])`, [ids]);

/** The ad, locked until the transaction ends. */
export const lockAd = async (tx: Queryable, id: string): Promise<Ad | null> =>
  (await tx.query<Ad>(`${AD} WHERE id = $1 FOR UPDATE OF ad`, [id]))[0] ?? null;

/** Ads of a contract, or all, from behind `after` on, in order of their ids. */
export const listAds = (
  db: Queryable,
  contractNumber: string | null,
  after: string,
  limit: number,
): Promise<ShownAd[]> =>
  db.query<ShownAd>(`${SHOWN} WHERE ($1::text IS NULL OR contract_number = $1) AND id > $2 ORDER BY id LIMIT $3`, [
    contractNumber,
    after,
    limit,
  ]);

export const insertAd = async (tx: Queryable, ad: Ad): Promise<void> => {
  await tx.query(
    `INSERT INTO ad (id, version, title, contract_number, currency, booked_at, cancelled) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [ad.id, ad.version, ad.title, ad.contractNumber, ad.currency, ad.bookedAt, ad.cancelled],
  );
  await insertUses(tx, ad);
};

export const updateAd = async (tx: Queryable, ad: Ad): Promise<void> => {
  await tx.query(
    `UPDATE ad SET version = $2, title = $3, contract_number = $4, currency = $5, cancelled = $6 WHERE id = $1`,
    [ad.id, ad.version, ad.title, ad.contractNumber, ad.currency, ad.cancelled],
  );
  await tx.query('DELETE FROM ad_use WHERE ad_id = $1', [ad.id]);
  await insertUses(tx, ad);
};

const insertUses = (tx: Queryable, { id, uses }: Ad): Promise<unknown> =>
  tx.query(
    `INSERT INTO ad_use (ad_id, position, product_number, units)
     SELECT $1, * FROM unnest($2::integer[], $3::text[], $4::text[]::numeric[])`,
    [
      id,
      uses.map(({ position }) => position),
      uses.map(({ productNumber }) => productNumber),
      uses.map(({ units }) => units),
    ],
  );

/**
 * What somebody did with an ad, or reconciliation: it reports the ad again (`repaired`), cancels one that nobody booked
 * (`withdrawn`), or takes a repair back (`restored`). Of a sealed contract what was lost here is `taken over` from Salesforce.
 */
export type ChangeName =
  'booked' | 'corrected' | 'moved' | 'cancelled' | 'repaired' | 'withdrawn' | 'restored' | 'taken over';

export const recordChange = (
  tx: Queryable,
  ad: Ad,
  change: { what: ChangeName; by: string; at: Date },
): Promise<unknown> =>
  tx.query('INSERT INTO ad_change (ad_id, version, at, by_user, what, state) VALUES ($1, $2, $3, $4, $5, $6::jsonb)', [
    ad.id,
    ad.version,
    change.at,
    change.by,
    change.what,
    JSON.stringify(ad),
  ]);

/** A version of an ad, as it was saved. */
export interface ShownChange extends Pick<Ad, 'version' | 'contractNumber' | 'cancelled' | 'uses'> {
  what: ChangeName;
  by: string;
  at: Date;
}

/** The latest first. */
export const listChanges = (db: Queryable, adId: string, limit: number): Promise<ShownChange[]> =>
  db.query<ShownChange>(
    `SELECT version, what, by_user AS by, at, state ->> 'contractNumber' AS "contractNumber", state -> 'cancelled' AS cancelled,
       state -> 'uses' AS uses FROM ad_change WHERE ad_id = $1 ORDER BY version DESC LIMIT $2`,
    [adId, limit],
  );

/** What became of a version. Of an older one than is known already nothing is stored. */
export const recordOutcome = (
  tx: Queryable,
  decided: {
    adId: string;
    version: number;
    outcome: AdOutcome;
    errorCode: string | null;
    error: string | null;
    at: Date;
  },
): Promise<unknown> =>
  tx.query(
    `UPDATE ad SET decided_version = $2, outcome = $3, error_code = $4, error = $5, decided_at = $6
      WHERE id = $1 AND decided_version <= $2 AND version >= $2`,
    [decided.adId, decided.version, decided.outcome, decided.errorCode, decided.error, decided.at],
  );

/** What the ad's usage entries say in Salesforce; versions there only rise. Its bookings follow. */
export const recordApplied = async (tx: Queryable, adId: string, version: number): Promise<void> => {
  await tx.query('UPDATE ad SET applied_version = $2 WHERE id = $1 AND coalesce(applied_version, 0) < $2', [
    adId,
    version,
  ]);
  await stampBookings(tx, [adId]);
};

/** An ad that Salesforce could not enter, and that nobody has decided on. */
export interface OpenException extends ShownAd {
  since: Date;
}

/** Those that wait longest first. A decision makes a new version, so what is decided waits no more. */
export const openExceptions = (db: Queryable, limit: number): Promise<OpenException[]> =>
  db.query<OpenException>(
    `${SHOWN_SINCE} WHERE outcome = 'EXCEPTION' AND decided_version = version ORDER BY decided_at, id LIMIT $1`,
    [limit],
  );

/** Ads that wait for a person: those that nobody takes as they are, then the latest that Salesforce did not enter. */
export const adsInTrouble = (db: Queryable, limit: number): Promise<ShownAd[]> =>
  db.query<ShownAd>(
    `${SHOWN} WHERE id IN (SELECT ad_id FROM report WHERE state = 'rejected')
        OR outcome IN ('EXCEPTION', 'REFUSED') AND decided_version = version ORDER BY decided_at DESC NULLS FIRST LIMIT $1`,
    [limit],
  );
