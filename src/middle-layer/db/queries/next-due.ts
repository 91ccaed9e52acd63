import type { Queryable } from '../../../shared/sql/types.ts';
import type { Target } from '../../types.ts';

/** When the next message of a target can be claimed, or null when none is open. Only the first of each key counts. */
export const nextDue = async (db: Queryable, target: Target): Promise<number | null> => {
  const [row] = await db.query<{ due: Date | null }>(
    `SELECT least(
       (SELECT min(next_attempt_at) FROM message WHERE target = $1 AND head AND state = 'queued'),
       (SELECT min(lease_until) FROM message WHERE target = $1 AND state = 'sending')) AS due`,
    [target],
  );
  return row?.due ? row.due.getTime() : null;
};
