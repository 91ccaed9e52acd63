import type { Queryable } from '../../../shared/sql/types.ts';

export interface OpenCount {
  target: string;
  /** Waiting or under way. */
  open: number;
  /** Due now, the first of their key, or under way. */
  due: number;
}

/** How much each target's queue holds, and how much of it could be sent now. */
export const countOpen = (db: Queryable, now: Date): Promise<OpenCount[]> =>
  db.query<OpenCount>(
    `SELECT m.target, count(*) AS open, count(*) FILTER (WHERE m.state = 'sending' OR m.next_attempt_at <= $1 AND NOT EXISTS (
         SELECT 1 FROM message earlier WHERE earlier.target = m.target AND earlier.key = m.key AND earlier.seq < m.seq
           AND earlier.state IN ('queued', 'sending'))) AS due
     FROM message m WHERE m.state IN ('queued', 'sending') GROUP BY m.target ORDER BY m.target`,
    [now],
  );
