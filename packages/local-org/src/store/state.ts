import type { Database } from './database/database.ts';
import type { Store } from './types.ts';

/** Durable key-value pairs of the org, part of whatever transaction is open. */
export const keyValueState = (database: Database): Store['state'] => ({
  get: (kind, key) => {
    const row = database.get('SELECT value FROM "$state" WHERE kind = ? AND key = ?', [kind, key]);
    return row === undefined ? null : (row[0] as string);
  },
  put: (kind, key, value) => {
    database.run(
      'INSERT INTO "$state" (kind, key, value) VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value',
      [kind, key, value],
    );
  },
  delete: (kind, key) => {
    database.run('DELETE FROM "$state" WHERE kind = ? AND key = ?', [kind, key]);
  },
  list: (kind) =>
    database
      .all('SELECT key, value FROM "$state" WHERE kind = ? ORDER BY key', [kind])
      .map(([key, value]) => ({ key: key as string, value: value as string })),
});
