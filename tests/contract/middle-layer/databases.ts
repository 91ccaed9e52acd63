import { openOwnDatabase } from '../../../src/simulation/own-database.ts';
import { prepare } from '../../middle-layer/support/database.ts';
import { openPglite } from '../../../src/shared/sql/pglite.ts';
import type { Database } from '../../../src/shared/sql/types.ts';

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
    await prepare(db);
    return { db, close: () => db.close() };
  },
};

const url = process.env.DATABASE_URL;
const server: Candidate = {
  name: 'PostgreSQL',
  skip: url ? false : 'DATABASE_URL is not set',
  async open() {
    const db = await openOwnDatabase(url!);
    await prepare(db);
    return { db, close: () => db.close() };
  },
};

/** Every database that the middle layer runs on. */
export const candidates: Candidate[] = [embedded, server];
