import type { Queryable } from '../../../shared/sql/types.ts';

/** Gives the sweep back, complete or not. A wake-up that came meanwhile stays: the next sweep is due at once. */
export const endSweep = (db: Queryable, worker: string, nextAt: Date, sweptAt: Date | null): Promise<unknown> =>
  db.query(
    `UPDATE sweep_state SET lease = NULL, lease_until = NULL, next_sweep_at = $2, swept_at = coalesce($3, swept_at) WHERE lease = $1`,
    [worker, nextAt, sweptAt],
  );
