import { fileURLToPath } from 'node:url';
import { migrate } from '../../shared/sql/migrate.ts';
import type { Database } from '../../shared/sql/types.ts';

const MIGRATIONS = fileURLToPath(new URL('migrations', import.meta.url));

/** Brings the tables of feeds up to date. Rejects with SchemaIsNewer. */
export const openFeedDatabase = async (db: Database): Promise<void> => {
  await migrate(db, MIGRATIONS, 'feeds');
};
