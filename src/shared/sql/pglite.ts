import { mkdir } from 'node:fs/promises';
import { PGlite, types, type PGliteOptions } from '@electric-sql/pglite';
import { copyNewCluster, newClusterArchive } from './new-cluster.ts';
import { Statements } from './prepared.ts';
import type { Database, Queryable, SqlParameter } from './types.ts';

/** bigint columns hold counters and ids below 2^53 here, so a number is exact. */
const parsers = { [types.INT8]: (value: string) => Number(value) };

/**
 * Tables that take far more room than their rows: above 1 MB, and four times what rows of 2 kB with their indexes would
 * take. VACUUM gives back the end of a table alone, and nothing of its indexes.
 */
const BLOATED = `SELECT quote_ident(c.relname) AS name FROM pg_class c
  WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
    AND pg_total_relation_size(c.oid) > 1024 * 1024 AND pg_total_relation_size(c.oid) > 4 * 2048 * greatest(c.reltuples, 0)`;

/** Nothing runs beside an embedded database: without this a table that is empty stays as large as it ever was. */
const vacuum = async (db: PGlite): Promise<void> => {
  await db.exec('VACUUM (ANALYZE)');
  const { rows } = await db.query<{ name: string }>(BLOATED);
  for (const { name } of rows) await db.exec(`VACUUM (FULL, ANALYZE) ${name}`);
};

/**
 * Memory for pages, instead of 128 MB: all of it is written to when a database opens, and what is not in it is in the memory
 * of the file system.
 */
const startParams = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'];

/** An embedded PostgreSQL in memory, without tables. */
export const createInMemory = async (options: PGliteOptions = {}): Promise<PGlite> => {
  const loadDataDir = await newClusterArchive();
  return PGlite.create({ startParams, ...options, ...(loadDataDir === null ? {} : { loadDataDir }) });
};

const createIn = async (dataDir: string): Promise<PGlite> => {
  await mkdir(dataDir, { recursive: true });
  await copyNewCluster(dataDir);
  return PGlite.create({ dataDir, parsers, startParams }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `the database in ${dataDir} cannot be opened (${reason}): its files are damaged, or of another version. Nothing in it was deleted; put a backup in its place, or name another folder`,
      { cause: error },
    );
  });
};

/**
 * Opens an embedded PostgreSQL: in memory, or in `dataDir` (created when missing). A data directory
 * belongs to one process at a time; after a crash its write-ahead log is replayed on opening.
 */
export const openPglite = async (dataDir?: string): Promise<Database> => {
  const db = await (dataDir ? createIn(dataDir) : createInMemory({ parsers }));
  const statements = await Statements.over(db);
  const inTransaction: Queryable = { query: (text, parameters = []) => statements.run(text, parameters) };
  return {
    query: <Row>(text: string, parameters: readonly SqlParameter[] = []) =>
      // as db.query does it: none comes into a transaction that is open, and what it changed is in the files
      db._runExclusiveTransaction(() => statements.run<Row>(text, parameters).finally(() => db.syncToFs())),
    transaction: (work) => db.transaction(() => work(inTransaction)),
    script: async (text) => {
      await db.exec(text);
      await statements.ran(text);
    },
    vacuum: () => vacuum(db),
    close: () => db.close(),
  };
};
