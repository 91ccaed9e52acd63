import type { Conflict } from '../../../shared/case-messages.ts';
import type { Queryable } from '../../../shared/sql/types.ts';

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
