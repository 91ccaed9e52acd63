import type { Queryable } from '../../../shared/sql/types.ts';

/** Keeps a full request until it is answered; false when the key was taken in before. */
export const insertIntake = async (tx: Queryable, key: string, payload: object, now: Date): Promise<boolean> => {
  const rows = await tx.query(
    'INSERT INTO intake (key, payload, accepted_at) VALUES ($1, $2::jsonb, $3) ON CONFLICT (key) DO NOTHING RETURNING key',
    [key, JSON.stringify(payload), now],
  );
  return rows.length > 0;
};
