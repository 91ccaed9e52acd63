import { mkdir } from 'node:fs/promises';
import { PGlite, types, type PGliteOptions } from '@electric-sql/pglite';
import { Embedded } from './embedded.ts';
import { newClusterArchive } from './new-cluster.ts';
import { Statements } from './prepared.ts';
import type { Database, DatabaseLog, Queryable, SqlParameter } from './types.ts';

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

const databaseOver = async (db: PGlite): Promise<Database> => {
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

/** A database in a folder; see Embedded. */
const openIn = async (dataDir: string, log: DatabaseLog): Promise<Database> => {
  await mkdir(dataDir, { recursive: true });
  const embedded = await Embedded.open(dataDir, { options: { parsers, startParams }, databaseOver }, log);
  return {
    query: (text, parameters) => embedded.lend((db) => db.query(text, parameters)),
    transaction: async (work) => {
      let hasStored = false;
      const result = await embedded.lend((db) =>
        db.transaction(async (tx) => {
          const done = await work(tx);
          hasStored = embedded.trouble !== null && (await hasWritten(tx));
          return done;
        }),
      );
      if (hasStored) embedded.stored();
      return result;
    },
    script: (text) => embedded.lend((db) => db.script(text)),
    vacuum: () => embedded.lend((db) => db.vacuum!()),
    trouble: () => embedded.trouble,
    close: () => embedded.close(),
  };
};

/** Whether the open transaction has changed anything. */
const hasWritten = async (tx: Queryable): Promise<boolean> => {
  const [row] = await tx.query<{ wrote: boolean }>('SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS wrote');
  return row!.wrote;
};

/**
 * Opens an embedded PostgreSQL: in memory, or in `dataDir` (created when missing). A data directory
 * belongs to one process at a time; after a crash its write-ahead log is replayed on opening.
 */
export const openPglite = async (dataDir?: string, log: DatabaseLog = () => {}): Promise<Database> =>
  dataDir ? openIn(dataDir, log) : databaseOver(await createInMemory({ parsers }));
