import type { Queryable } from '../../../shared/sql/types.ts';

/** Up to which event of a channel all has been swept, or null. */
export const readReplayId = async (db: Queryable, channel: string): Promise<number | null> => {
  const [row] = await db.query<{ replay_id: number }>('SELECT replay_id FROM replay_id WHERE channel = $1', [channel]);
  return row?.replay_id ?? null;
};
