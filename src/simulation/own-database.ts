import pg from 'pg';
import { openPostgres } from '../shared/sql/postgres.ts';
import type { Database } from '../shared/sql/types.ts';

let count = 0;

const asAdmin = async (url: string, statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};

/** Opens a new, empty database on the server of the URL; `close` drops it. */
export const openOwnDatabase = async (url: string): Promise<Database> => {
  const name = `concord_test_${process.pid}_${Date.now()}_${count++}`;
  await asAdmin(url, `CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  const db = openPostgres(own.href);
  return {
    ...db,
    async close() {
      await db.close();
      await asAdmin(url, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
};

/** The database that tests without a preference run on: one on the server that DATABASE_URL names, or null for an embedded one. */
export const openServedDatabase = async (): Promise<Database | null> => {
  const url = process.env.DATABASE_URL;
  return url ? openOwnDatabase(url) : null;
};
