/** Bookings: what of the ads Salesforce should hold as usage entries, with their digests. */
import { cellsOf } from '../../shared/digest/element.ts';
import type { DigestedTable } from '../../shared/digest/sums.ts';
import type { Database, Queryable } from '../../shared/sql/types.ts';
import { bookingKey, entryElement } from '../../shared/usage-entry.ts';
import type { AdOutcome, Use } from '../../shared/usage-messages.ts';

export const BOOKINGS: DigestedTable = { name: 'booking', compared: 'true' };

/** An ad as it was saved at a version. */
export interface SavedState {
  contractNumber: string;
  cancelled: boolean;
  uses: Use[];
}

/** The ad as it was saved here at this version; null: it was not. */
export const savedAt = async (tx: Queryable, adId: string, version: number): Promise<SavedState | null> =>
  (
    await tx.query<{ state: SavedState }>('SELECT state FROM ad_change WHERE ad_id = $1 AND version = $2', [
      adId,
      version,
    ])
  )[0]?.state ?? null;

/** Another state of a version that is saved here already: what it replaces stays in it. Its bookings are made again. */
export const replaceSaved = async (
  tx: Queryable,
  ad: SavedState & { id: string; version: number },
  { what, by, at }: { what: string; by: string; at: Date },
): Promise<void> => {
  await tx.query(
    `UPDATE ad_change SET what = $3, by_user = $4, at = $5,
       state = $6::jsonb || jsonb_build_object('replaced', jsonb_build_object('what', what, 'by', by_user, 'at', at, 'state', state))
     WHERE ad_id = $1 AND version = $2`,
    [ad.id, ad.version, what, by, at, JSON.stringify(ad)],
  );
  await tx.query('UPDATE ad SET stamped_version = NULL WHERE id = $1', [ad.id]);
};

interface Unstamped {
  id: string;
  version: number;
  /** Null: nobody here saved the version that Salesforce says. */
  state: SavedState | null;
}

/** Brings the bookings of these ads in line with what Salesforce has applied of them. */
export const stampBookings = async (tx: Queryable, adIds: readonly string[]): Promise<void> => {
  const ads = await tx.query<Unstamped>(
    `SELECT ad.id, ad.applied_version AS version, change.state FROM ad
       LEFT JOIN ad_change AS change ON change.ad_id = ad.id AND change.version = ad.applied_version
      WHERE ad.id = ANY($1::text[]) AND applied_version IS DISTINCT FROM stamped_version`,
    [adIds],
  );
  if (ads.length === 0) return;
  const stamped = ads.map(({ id }) => id);
  await tx.query('DELETE FROM booking WHERE ad_id = ANY($1::text[])', [stamped]);
  await tx.query(
    `INSERT INTO booking (key, ad_id, digest_k1, digest_k2, digest_d, digest_c, digest_cells)
     SELECT key, ad_id, k1, k2, d, c, cells FROM jsonb_to_recordset($1::jsonb)
       AS b(key text, ad_id text, k1 bigint, k2 bigint, d bigint, c bigint, cells smallint[])`,
    [JSON.stringify(ads.flatMap(rowsOf))],
  );
  await tx.query('UPDATE ad SET stamped_version = applied_version WHERE id = ANY($1::text[])', [stamped]);
};

const rowsOf = ({ id, version, state }: Unstamped): object[] =>
  state === null || state.cancelled
    ? []
    : state.uses.map(({ position, productNumber, units }) => {
        const key = bookingKey(id, position);
        const element = entryElement(key, { contractNumber: state.contractNumber, productNumber, units, version });
        return { key, ad_id: id, ...element, cells: cellsOf(element) };
      });

const ADS_A_TRANSACTION = 500;

/** Makes the bookings of ads that have none yet: those that were applied before there were any. */
export const stampOlder = async (db: Database): Promise<void> => {
  for (let isMore = true; isMore;)
    isMore = await db.transaction(async (tx) => {
      const ads = await tx.query<{ id: string }>(
        'SELECT id FROM ad WHERE applied_version IS DISTINCT FROM stamped_version ORDER BY id LIMIT $1 FOR UPDATE',
        [ADS_A_TRANSACTION],
      );
      await stampBookings(
        tx,
        ads.map(({ id }) => id),
      );
      return ads.length === ADS_A_TRANSACTION;
    });
};

/** What is known here of an ad, for a comparison with its usage entries. */
export interface ComparedAd {
  id: string;
  version: number;
  /** What the usage entries say, as far as is known here; null: nothing was entered. */
  appliedVersion: number | null;
  /** As it was saved at that version; null: nobody here saved it. */
  applied: SavedState | null;
  /** The newest version. */
  newest: SavedState;
  /** Of the newest version; null: not known yet. */
  outcome: AdOutcome | null;
  errorCode: string | null;
  /** ISO 8601: when it was last changed, or an outcome came. */
  updatedAt: Date;
  /** Null: nothing is left to report. */
  report: { state: 'queued' | 'taken' | 'rejected'; queuedAt: string } | null;
}

const COMPARED = `SELECT ad.id, ad.version, ad.applied_version AS "appliedVersion", applied.state AS applied, newest.state AS newest,
    CASE WHEN ad.decided_version = ad.version THEN ad.outcome END AS outcome, ad.error_code AS "errorCode",
    greatest(newest.at, ad.decided_at) AS "updatedAt",
    (SELECT jsonb_build_object('state', report.state, 'queuedAt', report.queued_at) FROM report WHERE report.ad_id = ad.id) AS report
  FROM ad JOIN ad_change AS newest ON newest.ad_id = ad.id AND newest.version = ad.version
  LEFT JOIN ad_change AS applied ON applied.ad_id = ad.id AND applied.version = ad.applied_version`;

export const comparedAds = (db: Queryable, adIds: readonly string[]): Promise<ComparedAd[]> =>
  db.query<ComparedAd>(`${COMPARED} WHERE ad.id = ANY($1::text[]) ORDER BY ad.id`, [adIds]);

/** Ads of which something is still to be reported, or was refused, from behind `after` on, in the order of their ids. */
export const unsettledAds = (db: Queryable, after: string, limit: number): Promise<ComparedAd[]> =>
  db.query<ComparedAd>(
    `${COMPARED} WHERE ad.id > $1 AND (EXISTS (SELECT 1 FROM report WHERE report.ad_id = ad.id)
        OR ad.outcome = 'REFUSED' AND ad.decided_version = ad.version) ORDER BY ad.id LIMIT $2`,
    [after, limit],
  );

/** Keys of the bookings that decoded elements stand for. */
export const keysOfElements = async (
  db: Queryable,
  elements: readonly { k1: number; k2: number }[],
): Promise<string[]> =>
  (
    await db.query<{ key: string }>(
      'SELECT key FROM booking WHERE (digest_k1, digest_k2) IN (SELECT * FROM unnest($1::bigint[], $2::bigint[])) ORDER BY key',
      [elements.map(({ k1 }) => k1), elements.map(({ k2 }) => k2)],
    )
  ).map(({ key }) => key);
