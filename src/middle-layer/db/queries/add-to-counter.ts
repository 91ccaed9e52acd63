import type { Queryable } from '../../../shared/sql/types.ts';

/** Adds to a counter that outlives restarts. */
export const addToCounter = (tx: Queryable, name: string, by: number): Promise<unknown> =>
  tx.query(
    'INSERT INTO counter (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value',
    [name, by],
  );
