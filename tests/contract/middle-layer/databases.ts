import { fileURLToPath } from 'node:url';
import { openOwnDatabase } from '../../../src/simulation/own-database.ts';
import { migrate } from '../../../src/shared/sql/migrate.ts';
import { openPglite } from '../../../src/shared/sql/pglite.ts';
import type { Database } from '../../../src/shared/sql/types.ts';

export const MIGRATIONS = fileURLToPath(new URL('../../../src/middle-layer/db/migrations', import.meta.url));

export interface Candidate {
  name: string;
  /** Why its tests do not run here, or false. */
  skip: string | false;
  /** Opens it with the schema in place; `close` removes what was made. */
  open(): Promise<{ db: Database; close: () => Promise<void> }>;
}

const embedded: Candidate = {
  name: 'PGlite',
  skip: false,
  async open() {
    const db = await openPglite();
    await migrate(db, MIGRATIONS, 'middle-layer');
    return { db, close: () => db.close() };
  },
};

const url = process.env.DATABASE_URL;
const server: Candidate = {
  name: 'PostgreSQL',
  skip: url ? false : 'DATABASE_URL is not set',
  async open() {
    const db = await openOwnDatabase(url!);
    await migrate(db, MIGRATIONS, 'middle-layer');
    return { db, close: () => db.close() };
  },
};

/** Every database that the middle layer runs on. */
export const candidates: Candidate[] = [embedded, server];
