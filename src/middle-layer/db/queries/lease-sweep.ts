import type { Queryable } from '../../../shared/sql/types.ts';

/**
 * Takes the sweep that is due, unless another worker is at it, or was since `seen` was read. A lease that runs
 * longer than any lease does is of a clock that was ahead, and counts for nothing.
 */
export const leaseSweep = async (
  db: Queryable,
  worker: string,
  seen: { next_sweep_at: Date | null },
  now: Date,
  leaseUntil: Date,
): Promise<boolean> => {
  const taken = await db.query(
    `UPDATE sweep_state SET lease = $1, lease_until = $3, woken_at = NULL
     WHERE next_sweep_at IS NOT DISTINCT FROM $4 AND (lease IS NULL OR lease_until <= $2 OR lease_until > $3)
     RETURNING singleton`,
    [worker, now, leaseUntil, seen.next_sweep_at],
  );
  return taken.length > 0;
};
