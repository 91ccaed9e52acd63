import type { Queryable } from '../../../shared/sql/types.ts';

/** Remembers up to which event of a channel all has been swept. */
export const saveReplayId = (db: Queryable, channel: string, replayId: number, now: Date): Promise<unknown> =>
  db.query(
    `INSERT INTO replay_id (channel, replay_id, stored_at) VALUES ($1, $2, $3)
     ON CONFLICT (channel) DO UPDATE SET replay_id = excluded.replay_id, stored_at = excluded.stored_at`,
    [channel, replayId, now],
  );
