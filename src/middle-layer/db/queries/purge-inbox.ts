import type { Queryable } from '../../../shared/sql/types.ts';

/** Forgets messages received before then; returns how many. */
export const purgeInbox = async (db: Queryable, before: Date): Promise<number> =>
  (await db.query(`DELETE FROM inbox WHERE received_at < $1 RETURNING id`, [before])).length;
