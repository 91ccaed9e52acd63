import type { Queryable } from '../../../shared/sql/types.ts';

/** Marks intakes as answered and drops what was kept of them; returns the requests of those that were still open. */
export const answerIntakes = (
  tx: Queryable,
  keys: readonly string[],
  now: Date,
): Promise<{ key: string; payload: object }[]> =>
  tx.query(
    `WITH open AS (SELECT key, payload FROM intake WHERE key = ANY($1) AND answered_at IS NULL ORDER BY key FOR UPDATE)
     UPDATE intake SET answered_at = $2, payload = NULL FROM open WHERE intake.key = open.key
     RETURNING open.key, open.payload`,
    [keys, now],
  );
