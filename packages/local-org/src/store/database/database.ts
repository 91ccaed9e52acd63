import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';

export type SqlValue = SQLInputValue;
export type SqlRow = SQLOutputValue[];

/** Statements kept prepared; the oldest is dropped when there are more. */
const PREPARED_LIMIT = 1000;

/** Milliseconds that a file may still be held by an org that is just ending. */
const LOCK_WAIT_MS = 5000;

/** A SQLite connection that keeps its statements prepared. Rows are arrays in column order. */
export class Database {
  readonly #connection: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  /**
   * Opens `file`, or a database in memory. A file is in WAL mode: what was committed survives the death of the
   * process. It belongs to one org at a time, which keeps counters of its own.
   */
  constructor(file: string | undefined, lockWaitMs = LOCK_WAIT_MS) {
    this.#connection = new DatabaseSync(file ?? ':memory:');
    if (file !== undefined) this.#own(file, lockWaitMs);
    this.#connection.exec('PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536');
  }

  #own(file: string, lockWaitMs: number): void {
    try {
      this.#connection.exec(
        `PRAGMA busy_timeout = ${lockWaitMs}; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
         BEGIN IMMEDIATE; COMMIT`,
      );
    } catch (error) {
      this.#connection.close();
      if (!(error instanceof Error) || !error.message.includes('locked')) throw error;
      throw new Error(`${file} is in use by another org: stop that one, or give this one another file`, {
        cause: error,
      });
    }
  }

  exec(sql: string): void {
    this.#connection.exec(sql);
  }

  all(sql: string, params: SqlValue[] = []): SqlRow[] {
    return this.#prepare(sql).all(...params) as unknown as SqlRow[];
  }

  get(sql: string, params: SqlValue[] = []): SqlRow | undefined {
    return this.#prepare(sql).get(...params) as unknown as SqlRow | undefined;
  }

  /** Runs a statement and returns the number of rows it changed. */
  run(sql: string, params: SqlValue[] = []): number {
    return Number(this.#prepare(sql).run(...params).changes);
  }

  /** Runs `work` in a transaction of its own: all of it or nothing. */
  within<T>(work: () => T): T {
    this.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      this.exec('ROLLBACK');
      throw error;
    }
  }

  /** Makes a function available in SQL. */
  define(name: string, run: (...args: SQLOutputValue[]) => SQLInputValue): void {
    this.#connection.function(name, { varargs: true, useBigIntArguments: false }, run);
  }

  /** A database in memory with everything that is in this one. */
  copy(): Database {
    const copy = new Database(undefined);
    copy.#connection.deserialize(this.#connection.serialize());
    return copy;
  }

  close(): void {
    this.#prepared.clear();
    this.#connection.close();
  }

  #prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.#connection.prepare(sql);
    statement.setReturnArrays(true);
    if (this.#prepared.size >= PREPARED_LIMIT) this.#prepared.delete(this.#prepared.keys().next().value!);
    this.#prepared.set(sql, statement);
    return statement;
  }
}

/** An identifier for SQL text. Names come from metadata, never from requests. */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
