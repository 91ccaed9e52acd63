import pg from 'pg';
import type { Database, Queryable, SqlParameter } from './types.ts';

const over = (client: Pick<pg.Pool, 'query'>): Queryable => ({
  async query<Row>(text: string, parameters: readonly SqlParameter[] = []): Promise<Row[]> {
    const result = await client.query(text, [...parameters]);
    return result.rows as Row[];
  },
});

/** The type of bigint columns: counters and ids below 2^53 here, so a number is exact. */
const INT8: number = pg.types.builtins.INT8;

/** Connects to a PostgreSQL server (`postgres://…`). `schema` sets the search path, so that parts and tests can share a server. */
export const openPostgres = (url: string, options: { schema?: string; maxConnections?: number } = {}): Database => {
  const types = { getTypeParser: pg.types.getTypeParser };
  const pool = new pg.Pool({
    connectionString: url,
    max: options.maxConnections ?? 10,
    ...(options.schema ? { options: `-c search_path=${options.schema}` } : {}),
    types: {
      getTypeParser: ((oid: number, format?: 'text'): unknown =>
        oid === INT8 ? Number : types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
    },
  });
  return {
    ...over(pool),
    async transaction(work) {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const result = await work(over(client));
        await client.query('COMMIT');
        client.release();
        return result;
      } catch (error) {
        await client.query('ROLLBACK').then(
          () => client.release(),
          (broken: Error) => client.release(broken),
        );
        throw error;
      }
    },
    async script(text) {
      await pool.query(text);
    },
    close: () => pool.end(),
  };
};
