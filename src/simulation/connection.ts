import type { ManualClock } from 'kernel/clock.ts';
import { DatabaseUnavailable } from '../shared/sql/errors.ts';
import type { Database, Queryable } from '../shared/sql/types.ts';

/** When a connection is lost: before a statement, before the commit (nothing of the transaction stays), or after it (all of it does). */
export type LostAt = 'statement' | 'commit' | 'answer';

/** A connection that will be lost. */
export interface Loss {
  at: LostAt;
  /** At the n-th such moment from now (1: the next). */
  in: number;
  /** Nothing says that it was lost: so long does who waits for it wait, in milliseconds of the world. */
  silentMs: number;
  /** Nor does a new connection answer before so long. */
  awayMs: number;
}

/** What becomes of one process's connections to its database. */
export class Connection {
  readonly #clock: ManualClock;
  #loss: Loss | null = null;
  #awayUntil = 0;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  /** From now on it will be lost so. */
  lose(loss: Loss): void {
    this.#loss = { ...loss };
  }

  /** Nothing is lost any more, and the database answers. */
  mend(): void {
    this.#loss = null;
    this.#awayUntil = 0;
  }

  /** Such a moment has come: rejects when the connection is lost at it, or was, and the database does not answer yet. */
  async pass(at: LostAt): Promise<void> {
    if (at === 'statement' && this.#clock.now() < this.#awayUntil) throw new DatabaseUnavailable('no server answers');
    if (this.#loss?.at !== at || --this.#loss.in > 0) return;
    const { silentMs, awayMs } = this.#loss;
    this.#loss = null;
    if (silentMs > 0) await this.#clock.advance(silentMs);
    this.#awayUntil = this.#clock.now() + awayMs;
    throw new DatabaseUnavailable(`the connection was lost: ${at}`);
  }
}

/** A database over such connections. What is no transaction is one of a single statement. */
export const overConnection = (inner: Database, connection: Connection): Database => {
  const lossy = (queryable: Queryable): Queryable => ({
    async query(text, parameters) {
      await connection.pass('statement');
      return queryable.query(text, parameters);
    },
  });
  const alone = lossy(inner);
  return {
    ...inner,
    async query(text, parameters) {
      const rows = await alone.query<never>(text, parameters);
      await connection.pass('answer');
      return rows;
    },
    async transaction(work, options) {
      await connection.pass('statement');
      const result = await inner.transaction(async (tx) => {
        const value = await work(lossy(tx));
        await connection.pass('commit');
        return value;
      }, options);
      await connection.pass('answer');
      return result;
    },
  };
};
