/** Sums of digests as a PostgreSQL table keeps them: docs/digest.md. */
import type { Queryable } from '../sql/types.ts';

/** How many records, and the sums of their numbers. */
export interface DigestSums {
  count: number;
  k1: number;
  k2: number;
  d: number;
  c: number;
}

export interface DigestCell extends DigestSums {
  cell: number;
}

/**
 * A table with the columns `digest_k1`, `digest_k2`, `digest_d`, `digest_c` (bigint) and `digest_cells` (smallint[], of the
 * large tables). Both parts are SQL, never what somebody sent.
 */
export interface DigestedTable {
  name: string;
  /** A condition that rows meet which both sides should hold. */
  compared: string;
}

const SUMS = `count(*)::integer AS count, sum(digest_k1)::bigint AS k1, sum(digest_k2)::bigint AS k2,
            sum(digest_d)::bigint AS d, sum(digest_c)::bigint AS c`;

/**
 * Sums of the digests by cell of one table (1-based). `fold` folds the 2,000 large cells; a range of
 * `digest_k1` partitions. Sums stay below 10^15 for 10^6 records, so a
 * JavaScript number is exact; routes.ts refuses what is not.
 */
export const digestSums = (
  db: Queryable,
  { name, compared }: DigestedTable,
  { table, fold, from, to }: { table: number; fold: number; from: number; to: number },
): Promise<DigestCell[]> =>
  db.query<DigestCell>(
    `SELECT (digest_cells[$1] % $2)::integer AS cell, ${SUMS} FROM ${name}
      WHERE ${compared} AND digest_k1 >= $3 AND digest_k1 < $4
      GROUP BY 1 ORDER BY 1`,
    [table, fold, from, to],
  );

/** One row for each part of `width` values of digest_k1 that has records: its number, how many, and the sums of their digests. */
export const digestTotals = (
  db: Queryable,
  { name, compared }: DigestedTable,
  width: number,
): Promise<(DigestSums & { part: number })[]> =>
  db.query<DigestSums & { part: number }>(
    `SELECT (digest_k1 / $1)::integer AS part, ${SUMS} FROM ${name} WHERE ${compared} GROUP BY 1 ORDER BY 1`,
    [width],
  );
