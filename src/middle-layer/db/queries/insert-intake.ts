import type { Queryable } from '../../../shared/sql/types.ts';

/** Keeps a full request until it is answered; false when the key was taken in before. */
export const insertIntake = async (
  tx: Queryable,
  intake: { key: string; payload: object; dueAt: Date },
  now: Date,
): Promise<boolean> => {
  const rows = await tx.query(
    `INSERT INTO intake (key, payload, accepted_at, due_at) VALUES ($1, $2::jsonb, $3, $4)
     ON CONFLICT (key) DO NOTHING RETURNING key`,
    [intake.key, JSON.stringify(intake.payload), now, intake.dueAt],
  );
  return rows.length > 0;
};
