import type { Queryable } from '../../shared/sql/types.ts';

export interface DigestCell {
  cell: number;
  count: number;
  k1: number;
  k2: number;
  d: number;
  c: number;
}

/** Records that both sides should hold: a deletion on either side takes the key out of both. */
const COMPARED = 'deleted_at IS NULL AND salesforce_deletion IS NULL';

/**
 * Sums of the digests by cell of one table (1-based). `fold` folds the 2,000 large cells; a range of
 * `digest_k1` partitions. Sums stay below 10^15 for 10^6 records, so a
 * JavaScript number is exact; routes/digest.ts refuses what is not.
 */
export const digestSums = (
  db: Queryable,
  { table, fold, from, to }: { table: number; fold: number; from: number; to: number },
): Promise<DigestCell[]> =>
  db.query<DigestCell>(
    `SELECT (digest_cells[$1] % $2)::integer AS cell, count(*)::integer AS count, sum(digest_k1)::bigint AS k1, sum(digest_k2)::bigint AS k2,
            sum(digest_d)::bigint AS d, sum(digest_c)::bigint AS c
       FROM case_record
      WHERE ${COMPARED} AND digest_k1 >= $3 AND digest_k1 < $4
      GROUP BY 1 ORDER BY 1`,
    [table, fold, from, to],
  );

type Sums = Omit<DigestCell, 'cell'>;

/** One row for each part of `width` values of digest_k1 that has records: its number, how many, and the sums of their digests. */
export const digestTotals = (db: Queryable, width: number): Promise<(Sums & { part: number })[]> =>
  db.query<Sums & { part: number }>(
    `SELECT (digest_k1 / $1)::integer AS part, count(*)::integer AS count, sum(digest_k1)::bigint AS k1, sum(digest_k2)::bigint AS k2,
            sum(digest_d)::bigint AS d, sum(digest_c)::bigint AS c
       FROM case_record WHERE ${COMPARED} GROUP BY 1 ORDER BY 1`,
    [width],
  );
