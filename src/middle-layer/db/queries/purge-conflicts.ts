import type { Queryable } from '../../../shared/sql/types.ts';

/** Deletes the values of conflicts from before then; returns how many. */
export const purgeConflicts = async (db: Queryable, before: Date): Promise<number> =>
  (await db.query(`DELETE FROM conflict WHERE at < $1 RETURNING seq`, [before])).length;
