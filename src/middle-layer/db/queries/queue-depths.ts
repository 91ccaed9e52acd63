import type { Queryable } from '../../../shared/sql/types.ts';
import type { MessageState, Target } from '../../types.ts';

export interface QueueDepth {
  target: Target;
  kind: string;
  state: MessageState;
  count: number;
}

/** How many messages are open or dead, by target, kind and state. */
export const queueDepths = (db: Queryable): Promise<QueueDepth[]> =>
  db.query<QueueDepth>(
    `SELECT target, kind, state, count(*) AS count FROM message WHERE state IN ('queued', 'sending', 'dead')
     GROUP BY target, kind, state ORDER BY target, kind, state`,
  );
