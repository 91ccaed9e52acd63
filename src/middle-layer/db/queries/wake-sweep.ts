import type { Queryable } from '../../../shared/sql/types.ts';

/** Asks for a sweep as soon as possible. */
export const wakeSweep = (db: Queryable, now: Date): Promise<unknown> =>
  db.query('UPDATE sweep_state SET woken_at = $1', [now]);
