import type { Queryable } from '../../../shared/sql/types.ts';
import type { MessageState, Target } from '../../types.ts';

export interface QueueDepth {
  target: Target;
  kind: string;
  state: MessageState;
  count: number;
}

/** How many messages are open or dead, by target, kind and state. Reads the sums that are kept, not the messages. */
export const queueDepths = (db: Queryable): Promise<QueueDepth[]> =>
  db.query<QueueDepth>(
    `SELECT target, kind, state, sum(count)::bigint AS count FROM queue_depth
     GROUP BY target, kind, state HAVING sum(count) <> 0 ORDER BY target, kind, state`,
  );

/** Folds the changes of the depths into one row each. Two that fold at once do not count anything twice. */
export const foldDepths = (db: Queryable): Promise<unknown> =>
  db.query(
    `WITH folded AS (DELETE FROM queue_depth RETURNING target, kind, state, count)
     INSERT INTO queue_depth (target, kind, state, count)
     SELECT target, kind, state, sum(count) FROM folded GROUP BY target, kind, state HAVING sum(count) <> 0`,
  );
