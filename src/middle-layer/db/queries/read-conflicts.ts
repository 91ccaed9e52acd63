import type { Conflict } from '../../../shared/case-messages.ts';
import type { Queryable } from '../../../shared/sql/types.ts';

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
