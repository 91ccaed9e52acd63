import type { Queryable } from '../../../shared/sql/types.ts';

/** Takes the sweep that is due, unless another worker is at it. One that was asked for is due when the last ended before `restedAt`. */
export const leaseSweep = async (
  db: Queryable,
  worker: string,
  now: Date,
  leaseUntil: Date,
  restedAt: Date,
): Promise<boolean> => {
  const taken = await db.query(
    `UPDATE sweep_state SET lease = $1, lease_until = $3, woken_at = NULL
     WHERE (next_sweep_at IS NULL OR next_sweep_at <= $2 OR woken_at IS NOT NULL AND (swept_at IS NULL OR swept_at <= $4)) AND (lease IS NULL OR lease_until <= $2)
     RETURNING singleton`,
    [worker, now, leaseUntil, restedAt],
  );
  return taken.length > 0;
};
