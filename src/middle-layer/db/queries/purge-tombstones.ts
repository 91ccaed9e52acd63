import type { Queryable } from '../../../shared/sql/types.ts';

/** Forgets tombstones queued before then, unless something about their key is open; returns how many. */
export const purgeTombstones = async (db: Queryable, before: Date): Promise<number> =>
  (
    await db.query(
      `DELETE FROM tombstone WHERE queued_at < $1 AND NOT EXISTS (SELECT 1 FROM message m WHERE m.key = tombstone.key AND m.state IN ('queued', 'sending', 'dead')) RETURNING id`,
      [before],
    )
  ).length;
