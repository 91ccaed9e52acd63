import pg from 'pg';
import { configOf, Connections } from './connections.ts';
import { DatabaseUnavailable, isDatabaseUnavailable, isTransactionConflict } from './errors.ts';
import { limitsOf, type Limits } from './limits.ts';
import type { Database, DatabaseLog, Queryable, SqlParameter, TransactionOptions } from './types.ts';

export interface PostgresOptions {
  /** Sets the search path, so that parts and tests can share a server. */
  schema?: string;
  maxConnections?: number;
  log?: DatabaseLog;
  /** Instead of those of the URL. */
  limits?: Partial<Limits>;
}

/** The type of bigint columns: counters and ids below 2^53 here, so a number is exact. */
const INT8: number = pg.types.builtins.INT8;
const types = {
  getTypeParser: ((oid: number, format?: 'text'): unknown =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** The server ends a statement first; when its word of that does not come, the client does. */
const ANSWER_GRACE_MS = 3_000;
/** The longest pause of a timer: 24 days. */
const UNLIMITED_MS = 2 ** 31 - 1;
const MAX_CONFLICTS = 5;

const rowsOf = <Row>(result: pg.QueryResult): Row[] => result.rows as Row[];

/**
 * Connects to a PostgreSQL server (`postgres://…`), which may go away and come back at any time: each statement answers or
 * fails within bounds, and the next one tries again.
 */
export const openPostgres = (url: string, options: PostgresOptions = {}): Database => {
  const limits = { ...limitsOf(url), ...options.limits };
  const statementMs = limits.statementMs + ANSWER_GRACE_MS;
  const connections = new Connections(
    { ...configOf(url, limits, options.schema), types, max: options.maxConnections ?? 10 },
    limits,
    options.log ?? (() => {}),
  );
  return {
    query: <Row>(text: string, parameters: readonly SqlParameter[] = []) =>
      connections.lend(statementMs, async ({ run }) => rowsOf<Row>(await run(text, parameters))),
    async transaction(work, how = {}) {
      for (let conflicts = 1; ; conflicts++) {
        try {
          return await transact(connections, how.unlimited ? UNLIMITED_MS : statementMs, work, how);
        } catch (error) {
          if (!isTransactionConflict(error) || conflicts === MAX_CONFLICTS) throw error;
        }
      }
    },
    script: (text) => connections.lend(statementMs, async ({ run }) => void (await run(text))),
    close: () => connections.close(),
  };
};

const transact = <T>(
  connections: Connections,
  statementMs: number,
  work: (tx: Queryable) => Promise<T>,
  { unlimited }: TransactionOptions,
): Promise<T> =>
  connections.lend(statementMs, async ({ run, discard }) => {
    await run('BEGIN');
    let result: T;
    try {
      if (unlimited) await run('SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0');
      result = await work({
        query: async <Row>(text: string, parameters: readonly SqlParameter[] = []) =>
          rowsOf<Row>(await run(text, parameters)),
      });
    } catch (error) {
      // where the connection is lost, the server rolls back by itself
      if (error instanceof DatabaseUnavailable) discard();
      else await run('ROLLBACK').catch(discard);
      throw error;
    }
    await commit(run);
    return result;
  });

const commit = async (run: (text: string) => Promise<pg.QueryResult>): Promise<void> => {
  const { command } = await run('COMMIT').catch((error: unknown) => {
    if (!isDatabaseUnavailable(error)) throw error;
    const words = 'the database went away during a commit; whether it took effect is unknown';
    throw new DatabaseUnavailable(words, { cause: error });
  });
  // the server's answer when a statement had failed and its error went no further
  if (command === 'ROLLBACK') throw new Error('nothing was stored: a statement of the transaction had failed');
};
