import { PGlite, types } from '@electric-sql/pglite';
import type { Database, Queryable, SqlParameter } from './types.ts';

/** bigint columns hold counters and ids below 2^53 here, so a number is exact. */
const parsers = { [types.INT8]: (value: string) => Number(value) };

const over = (db: Pick<PGlite, 'query'>): Queryable => ({
  async query<Row>(text: string, parameters: readonly SqlParameter[] = []): Promise<Row[]> {
    const result = await db.query<Row>(text, [...parameters]);
    return result.rows;
  },
});

/**
 * Opens an embedded PostgreSQL: in memory, or in `dataDir` (created when missing). A data directory
 * belongs to one process at a time; after a crash its write-ahead log is replayed on opening.
 */
export const openPglite = async (dataDir?: string): Promise<Database> => {
  const db = await PGlite.create({ ...(dataDir ? { dataDir } : {}), parsers });
  return {
    ...over(db),
    transaction: (work) => db.transaction((tx) => work(over(tx as unknown as PGlite))),
    script: async (text) => {
      await db.exec(text);
    },
    close: () => db.close(),
  };
};
