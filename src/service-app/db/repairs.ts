/** What runs of reconciliation repaired. */
import type { Queryable } from '../../shared/sql/types.ts';
import type { Values } from '../../shared/values.ts';

export interface NewRepair {
  run: string;
  key: string;
  adId: string;
  /** Of the ad, made by the repair. */
  version: number;
  /** What the entry said that was replaced; empty: no value was. */
  before: Values;
  /** The run whose repair this one takes back. */
  undoes: string | null;
  at: Date;
}

/** Appends what a run repaired, in the transaction that did it. */
export const insertRepair = (tx: Queryable, repair: NewRepair): Promise<unknown> =>
  tx.query(
    'INSERT INTO booking_repair (run, key, ad_id, version, before, undoes, at) VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7)',
    [repair.run, repair.key, repair.adId, repair.version, JSON.stringify(repair.before), repair.undoes, repair.at],
  );

export interface MadeRepair {
  key: string;
  /** The ad. */
  externalId: string;
  /** The version that the repair made. */
  revision: number;
  before: Values;
  /** The run that took it back. */
  undoneBy: string | null;
}

/** Repairs of a run in the order of their keys, from behind `after` on; of one booking when `key` is given. */
export const listRepairs = (
  db: Queryable,
  { run, key, after, limit }: { run: string; key: string | null; after: string; limit: number },
): Promise<MadeRepair[]> =>
  db.query<MadeRepair>(
    `SELECT made.key, made.ad_id AS "externalId", made.version AS revision, made.before, undone.run AS "undoneBy"
       FROM booking_repair AS made LEFT JOIN booking_repair AS undone ON undone.undoes = made.run AND undone.key = made.key
      WHERE made.run = $1 AND ($2::text IS NULL OR made.key = $2) AND made.key > $3 ORDER BY made.key LIMIT $4`,
    [run, key, after, limit],
  );

/** The newest version of the ad that the run has made; null: it has made none. */
export const versionMadeBy = async (tx: Queryable, run: string, adId: string): Promise<number | null> =>
  (
    await tx.query<{ version: number | null }>(
      'SELECT max(version) AS version FROM booking_repair WHERE run = $1 AND ad_id = $2',
      [run, adId],
    )
  )[0]!.version;
