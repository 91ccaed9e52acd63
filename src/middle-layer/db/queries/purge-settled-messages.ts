import type { Queryable } from '../../../shared/sql/types.ts';

/** Deletes messages that were settled before then, with their closed dead letters; returns how many. */
export const purgeSettledMessages = async (db: Queryable, before: Date): Promise<number> =>
  (
    await db.query(`DELETE FROM message WHERE state IN ('done', 'superseded') AND settled_at < $1 RETURNING seq`, [
      before,
    ])
  ).length;
