import type { Queryable } from '../../../shared/sql/types.ts';

/** Intakes that were asked for as often as a message may be refused, and still have no answer. */
export const countOverdueIntakes = async (db: Queryable, maxAttempts: number): Promise<number> => {
  const [row] = await db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM intake WHERE answered_at IS NULL AND (payload->>'attempt')::int >= $1`,
    [maxAttempts],
  );
  return row!.n;
};
