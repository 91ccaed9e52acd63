import { RequestError } from '../../../../shared/router.ts';
import type { Held } from '../../../../shared/erasure.ts';
import type { Queryable } from '../../../../shared/sql/types.ts';

/** Erases the values that the flow's own tables keep of a key. Throws RequestError 409 while an intake of it has no answer. */
export const eraseCase = async (tx: Queryable, key: string): Promise<Held> => {
  const [waiting] = await tx.query('SELECT 1 FROM intake WHERE key = $1 AND answered_at IS NULL', [key]);
  if (waiting)
    throw new RequestError(
      409,
      'UNDER_WAY',
      `the intake ${key} has no answer yet; nothing was erased. Ask again when it has one`,
    );
  const conflicts = await tx.query('DELETE FROM conflict WHERE key = $1 RETURNING kept, lost', [key]);
  const intakes = await tx.query<{ payload: unknown }>(
    `WITH kept AS (SELECT key, payload FROM intake WHERE key = $1 AND payload IS NOT NULL FOR UPDATE)
     UPDATE intake SET payload = NULL FROM kept WHERE intake.key = kept.key RETURNING kept.payload`,
    [key],
  );
  return {
    rows: { conflicts: conflicts.length, intakes: intakes.length },
    values: [...conflicts, ...intakes],
  };
};
