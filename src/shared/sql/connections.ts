import pg from 'pg';
import { Availability } from './availability.ts';
import { DatabaseUnavailable, sqlState } from './errors.ts';
import type { Limits } from './limits.ts';
import { Silence } from './silence.ts';
import type { DatabaseLog } from './types.ts';

/** A connection that is lent for a piece of work. */
export interface Connection {
  run: (text: string, parameters?: readonly unknown[]) => Promise<pg.QueryResult>;
  /** It does not go back to the pool. */
  discard: () => unknown;
}

const KEEP_ALIVE_AFTER_MS = 10_000;
/** How long `close` waits for the server to say good-bye. */
const GOODBYE_MS = 2_000;
/** States after which the server closes the connection. */
const CLOSES = /^(08|57P|25P03)/;

/** What the driver says when it could not get, or lost, a connection: an error without a state of the server. */
const awayError = (error: unknown, what: string): unknown => {
  if (!(error instanceof Error) || sqlState(error) !== null || error instanceof DatabaseUnavailable) return error;
  // Node tries all addresses of a name and gives their errors together, without a message
  const reason = error.message || ('code' in error ? String(error.code) : error.name);
  return new DatabaseUnavailable(`the database is away: ${what}: ${reason}`, { cause: error });
};

export const configOf = (url: string, limits: Limits, schema?: string): pg.ClientConfig => ({
  connectionString: url,
  connectionTimeoutMillis: limits.connectMs,
  keepAlive: true,
  keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
  fallback_application_name: 'concord',
  statement_timeout: limits.statementMs,
  lock_timeout: limits.lockMs,
  idle_in_transaction_session_timeout: limits.idleInTransactionMs,
  ...(schema ? { options: `-c search_path=${schema}` } : {}),
});

/** The connections to a server. They may break at any time: the work that meets it fails, the next gets a new one. */
export class Connections {
  #config: pg.PoolConfig;
  #pool: pg.Pool;
  #silence: Silence;
  #availability: Availability;
  #closing = false;
  #broken = new WeakSet<pg.ClientBase>();

  constructor(config: pg.PoolConfig, limits: Limits, log: DatabaseLog) {
    this.#config = config;
    this.#availability = new Availability(log);
    this.#silence = new Silence(limits.silenceMs, () => this.#probe(limits.connectMs));
    this.#pool = this.#openPool();
  }

  /** Lends `work` a connection on which each statement has `limitMs`. One that is broken, or may be, is not used again. */
  async lend<T>(limitMs: number, work: (connection: Connection) => Promise<T>): Promise<T> {
    const pool = this.#pool;
    const client = await pool.connect().catch((error: unknown) => {
      throw this.#availability.lost(awayError(error, 'no connection'));
    });
    const discard = (): unknown => this.#broken.add(client);
    const run = (text: string, parameters?: readonly unknown[]): Promise<pg.QueryResult> =>
      this.#silence.bound(client.query(text, parameters && [...parameters]), limitMs).catch((error: unknown) => {
        if (error instanceof DatabaseUnavailable) this.#renew(pool);
        if (error instanceof DatabaseUnavailable || CLOSES.test(sqlState(error) ?? '')) discard();
        throw this.#broken.has(client) ? this.#availability.lost(awayError(error, 'the connection was lost')) : error;
      });
    try {
      const result = await work({ run, discard });
      this.#availability.answered();
      return result;
    } finally {
      client.release(this.#broken.has(client));
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.race([this.#pool.end(), new Promise((resolve) => setTimeout(resolve, GOODBYE_MS).unref())]);
  }

  #openPool(): pg.Pool {
    const pool = new pg.Pool(this.#config);
    // a connection that breaks between two statements, or as soon as it is made, tells it as an event: with nobody
    // listening it would end the process
    pool.on('connect', (client) => client.on('error', () => this.#broken.add(client)));
    // the server closed a connection that nobody was using; the pool has dropped it
    pool.on('error', (error) => this.#availability.lost(awayError(error, 'an idle connection was closed')));
    return pool;
  }

  /** After a silence the idle connections are as dead as the one that was found out. */
  #renew(silent: pg.Pool): void {
    if (silent !== this.#pool || this.#closing) return;
    this.#pool = this.#openPool();
    silent.end().catch(() => {});
  }

  /** Rejects when no server answers. Whatever one says, such as that it has too many connections: it is not silent. */
  async #probe(patienceMs: number): Promise<void> {
    const client = new pg.Client(this.#config);
    client.on('error', () => {});
    const patience = setTimeout(() => void client.end(), patienceMs);
    try {
      await client.connect();
      await client.query('SELECT 1');
    } catch (error) {
      if (sqlState(error) === null) throw error;
    } finally {
      clearTimeout(patience);
      void client.end().catch(() => {});
    }
  }
}
