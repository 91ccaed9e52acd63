import type { FromExternal } from '../../../shared/case-messages.ts';
import type { Queryable } from '../../../shared/sql/types.ts';

export interface QueuedMessage {
  id: number;
  payload: FromExternal;
  attempts: number;
}

/** The oldest messages that are due. One that waits for its retry holds back the later ones of its key, so order is kept per record. */
export const queuedMessages = (
  db: Queryable,
  now: Date,
  /** The latest that a retry can be due: one that is later was put off by a clock that was ahead, and is due. */
  latest: Date,
  limit: number,
): Promise<QueuedMessage[]> =>
  db.query<QueuedMessage>(
    `SELECT id, payload, attempts FROM outbox o
      WHERE state = 'queued' AND (next_at <= $1 OR next_at > $3)
        AND NOT EXISTS (SELECT 1 FROM outbox w WHERE w.key = o.key AND w.state = 'queued' AND w.id < o.id
          AND w.next_at > $1 AND w.next_at <= $3)
      ORDER BY id LIMIT $2`,
    [now, limit, latest],
  );
