import type { Queryable } from '../../../shared/sql/types.ts';

/** Deletes messages that died before then, with their dead letters; returns how many. */
export const purgeDeadMessages = async (db: Queryable, before: Date): Promise<number> =>
  (await db.query(`DELETE FROM message WHERE state = 'dead' AND settled_at < $1 RETURNING seq`, [before])).length;
