import type { Queryable } from '../../../shared/sql/types.ts';

/** Keeps an intake until it is answered, again or still: it is about to be sent once more. */
export const reopenIntake = (tx: Queryable, intake: { key: string; payload: object; dueAt: Date }): Promise<unknown> =>
  tx.query('UPDATE intake SET payload = $2::jsonb, due_at = $3, answered_at = NULL WHERE key = $1', [
    intake.key,
    JSON.stringify(intake.payload),
    intake.dueAt,
  ]);
