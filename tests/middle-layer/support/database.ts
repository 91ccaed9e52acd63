import { fileURLToPath } from 'node:url';
import { openServedDatabase } from '../../../src/simulation/own-database.ts';
import { migrate } from '../../../src/shared/sql/migrate.ts';
import { openPglite } from '../../../src/shared/sql/pglite.ts';
import type { Database } from '../../../src/shared/sql/types.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../src/middle-layer/db/migrations', import.meta.url));

/** A database (embedded, or on the server that DATABASE_URL names) with the schema in place: one for each test file, `reset` before each test. */
export const testDatabase = async (): Promise<{
  db: Database;
  reset: () => Promise<void>;
  close: () => Promise<void>;
}> => {
  const db = (await openServedDatabase()) ?? (await openPglite());
  await migrate(db, MIGRATIONS, 'middle-layer');
  return { db, reset: () => resetDatabase(db), close: () => db.close() };
};

/** Empties all tables; the audit lets nobody truncate it, so its triggers rest meanwhile. */
export const resetDatabase = (db: Database): Promise<void> =>
  db.script(`
    ALTER TABLE audit DISABLE TRIGGER ALL;
    TRUNCATE case_state, message, dead_letter, audit, conflict, inbox, intake, tombstone, sweep_state, replay_id, counter, queue_depth RESTART IDENTITY;
    ALTER TABLE audit ENABLE TRIGGER ALL;
    INSERT INTO sweep_state DEFAULT VALUES;
  `);
