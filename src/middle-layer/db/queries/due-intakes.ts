import type { RequestMessage } from '../../../shared/case-messages.ts';
import type { Queryable } from '../../../shared/sql/types.ts';

export interface DueIntake {
  key: string;
  payload: RequestMessage;
}

/** Intakes without an answer whose request has left the queue and whose time is up; of `keys` only, when given. */
export const dueIntakes = (
  db: Queryable,
  now: Date,
  limit: number,
  keys: readonly string[] | null,
): Promise<DueIntake[]> =>
  db.query<DueIntake>(
    `SELECT i.key, i.payload FROM intake i
     WHERE i.answered_at IS NULL AND i.due_at <= $1 AND ($3::text[] IS NULL OR i.key = ANY($3))
       AND NOT EXISTS (SELECT 1 FROM message m WHERE m.key = i.key AND m.target = 'external' AND m.kind = 'request'
         AND m.state IN ('queued', 'sending', 'dead'))
     ORDER BY i.due_at LIMIT $2`,
    [now, limit, keys],
  );
