import type { Conflict } from '../../../../shared/case-messages.ts';
import type { Queryable } from '../../../../shared/sql/types.ts';

/** Keeps the values of conflicts, for as long as retention says. */
export const insertConflicts = (
  tx: Queryable,
  conflicts: readonly (Conflict & { messageId: string; key: string })[],
  now: Date,
): Promise<unknown> =>
  tx.query(
    `INSERT INTO conflict (message_id, key, field, owner, kept, lost, at)
     SELECT c->>'messageId', c->>'key', c->>'field', c->>'owner', c->'kept', c->'lost', $2
     FROM jsonb_array_elements($1::jsonb) AS c`,
    [JSON.stringify(conflicts), now],
  );

export interface StoredConflict extends Conflict {
  messageId: string;
  at: Date;
}

/** The conflicts of a key whose values are still kept, oldest first. */
export const readConflicts = (db: Queryable, key: string): Promise<StoredConflict[]> =>
  db.query<StoredConflict>(
    'SELECT message_id AS "messageId", field, owner, kept, lost, at FROM conflict WHERE key = $1 ORDER BY seq',
    [key],
  );

/** Deletes the values of conflicts from before then; returns how many. */
export const purgeConflicts = async (db: Queryable, before: Date): Promise<number> =>
  (await db.query(`DELETE FROM conflict WHERE at < $1 RETURNING seq`, [before])).length;
