import type { Queryable } from '../../../shared/sql/types.ts';
import type { Target } from '../../types.ts';

/** When the next message of a target can be claimed, or null when none is open. Only the first of each key counts. */
export const nextDue = async (db: Queryable, target: Target): Promise<number | null> => {
  const [row] = await db.query<{ due: Date | null }>(
    `SELECT min(CASE WHEN m.state = 'queued' THEN m.next_attempt_at ELSE m.lease_until END) AS due FROM message m
     WHERE m.target = $1 AND m.state IN ('queued', 'sending') AND NOT EXISTS (
       SELECT 1 FROM message earlier WHERE earlier.target = m.target AND earlier.key = m.key
         AND earlier.seq < m.seq AND earlier.state IN ('queued', 'sending'))`,
    [target],
  );
  return row?.due ? row.due.getTime() : null;
};
