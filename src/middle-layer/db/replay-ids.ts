import type { Queryable } from '../../shared/sql/types.ts';

/** Up to which event of a channel all has been swept, or null. */
export const readReplayId = async (db: Queryable, flow: string, channel: string): Promise<number | null> => {
  const [row] = await db.query<{ replay_id: number }>(
    'SELECT replay_id FROM replay_id WHERE channel = $1 AND flow = $2',
    [channel, flow],
  );
  return row?.replay_id ?? null;
};

/** Remembers up to which event of a channel all has been swept. */
export const saveReplayId = (
  db: Queryable,
  flow: string,
  channel: string,
  replayId: number,
  now: Date,
): Promise<unknown> =>
  db.query(
    `INSERT INTO replay_id (flow, channel, replay_id, stored_at) VALUES ($4, $1, $2, $3)
     ON CONFLICT (flow, channel) DO UPDATE SET replay_id = excluded.replay_id, stored_at = excluded.stored_at`,
    [channel, replayId, now, flow],
  );
