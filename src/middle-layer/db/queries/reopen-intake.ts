import type { Queryable } from '../../../shared/sql/types.ts';

/** Keeps an intake again until it is answered: it is about to be sent once more. */
export const reopenIntake = (tx: Queryable, key: string, payload: object): Promise<unknown> =>
  tx.query('UPDATE intake SET payload = $2::jsonb, answered_at = NULL WHERE key = $1', [key, JSON.stringify(payload)]);
