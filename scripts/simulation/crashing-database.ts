import type { Database, Queryable } from '../../src/shared/sql/types.ts';

/** What a crash throws: nothing catches it on purpose, so it ends the part's work where it stands. */
export class SimulatedCrash extends Error {
  override name = 'SimulatedCrash';
}

/**
 * A part's view of its database that dies at a chosen statement: from then on nothing the part does
 * reaches the database, as if its process had ended there. A transaction that was open is rolled back.
 */
export class CrashingDatabase implements Database {
  readonly #inner: Database;
  #statements = 0;
  #dieAt = Number.POSITIVE_INFINITY;

  constructor(inner: Database) {
    this.#inner = inner;
  }

  get dead(): boolean {
    return this.#statements >= this.#dieAt;
  }

  /** Dies at the n-th statement from now (1 = the next). */
  dieIn(statements: number): void {
    this.#dieAt = this.#statements + statements;
  }

  #step(): void {
    if (this.dead) throw new SimulatedCrash('the process has ended');
    this.#statements++;
    if (this.dead) throw new SimulatedCrash('the process ends here');
  }

  #guard(inner: Queryable): Queryable {
    return {
      query: async (text, parameters) => {
        this.#step();
        const rows = await inner.query(text, parameters);
        return rows as never;
      },
    };
  }

  query<Row>(text: string, parameters?: Parameters<Queryable['query']>[1]): Promise<Row[]> {
    return this.#guard(this.#inner).query<Row>(text, parameters);
  }

  async transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    this.#step();
    const result = await this.#inner.transaction(async (tx) => {
      const value = await work(this.#guard(tx));
      // the commit is a step of its own: a crash may come between the last statement and it
      this.#step();
      return value;
    });
    // committed, and the process may end before it learns of it
    this.#step();
    return result;
  }

  async script(text: string): Promise<void> {
    this.#step();
    await this.#inner.script(text);
  }

  async close(): Promise<void> {}
}
