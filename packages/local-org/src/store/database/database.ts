import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { checkFile } from './check-file.ts';

export type SqlValue = SQLInputValue;
export type SqlRow = SQLOutputValue[];

/** Statements kept prepared; the oldest is dropped when there are more. */
const PREPARED_LIMIT = 1000;

/** Milliseconds that a file may still be held by an org that is just ending. */
const LOCK_WAIT_MS = 5000;
/** An org's file holds what people wrote: for its owner's eyes only, and so is the log, which takes the file's mode. */
const OWNER_ONLY = 0o600;

/** Primary result codes (sqlite.org, "Result and Error Codes"), and what they say of the file. */
const BUSY = 5;
const FILE_PROBLEMS: Record<number, string> = {
  8: 'it, or its disk, is read-only: make it writable',
  10: 'its disk does not take what is written: look at it, and whether there is room',
  11: 'it is damaged: put a backup in its place, or name another file for a new org',
  13: 'its disk is full: free some room',
  14: 'it cannot be opened: its folder must exist, and be writable for this user',
  26: 'it is no file of an org: name another one',
};

/** What an error of SQLite says of the file that it works on, in words for people; null when it says nothing of that. */
export const fileProblem = (error: unknown): string | null => {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  return FILE_PROBLEMS[code] ?? null;
};

const inWords = (error: unknown, file: string): unknown => {
  if (error instanceof Error && 'errcode' in error && Number(error.errcode) === BUSY)
    return new Error(`${file} is in use by another org: stop that one, or give this one another file`, {
      cause: error,
    });
  const problem = fileProblem(error);
  return problem === null ? error : new Error(`${file} cannot be used: ${problem}`, { cause: error });
};

/** Opens a file of an org, or makes one. Throws words for people when it is not whole. */
const openFile = (file: string): DatabaseSync => {
  checkFile(file);
  try {
    const connection = new DatabaseSync(file);
    chmodSync(file, OWNER_ONLY);
    return connection;
  } catch (error) {
    throw inWords(error, file);
  }
};

/** A SQLite connection that keeps its statements prepared. Rows are arrays in column order. */
export class Database {
  readonly #connection: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  /**
   * Opens `file`, or a database in memory. A file is in WAL mode: what was committed survives the death of the
   * process. It belongs to one org at a time, which keeps counters of its own.
   */
  constructor(file: string | undefined, lockWaitMs = LOCK_WAIT_MS) {
    this.#connection = file === undefined ? new DatabaseSync(':memory:') : openFile(file);
    if (file !== undefined) this.#own(file, lockWaitMs);
    this.#connection.exec('PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536');
  }

  #own(file: string, lockWaitMs: number): void {
    try {
      this.#connection.exec(
        `PRAGMA busy_timeout = ${lockWaitMs}; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
         BEGIN IMMEDIATE; COMMIT`,
      );
      this.#check(file);
    } catch (error) {
      this.#connection.close();
      throw inWords(error, file);
    }
  }

  /** Every page is where it belongs, and the tables are an org's, or there are none yet. */
  #check(file: string): void {
    const [found] = this.all('PRAGMA quick_check(1)')[0] ?? ['ok'];
    if (found !== 'ok') throw new Error(`${file} is damaged (${String(found)}): ${FILE_PROBLEMS[11]!.split(': ')[1]}`);
    const tables = this.all(`SELECT name FROM sqlite_schema WHERE type = 'table'`).map(([name]) => name);
    if (tables.length > 0 && !tables.includes('$setting'))
      throw new Error(`${file} is a database, but not that of an org: name another file`);
  }

  /** Whether a transaction is open. SQLite ends one by itself when the disk is full. */
  get isWithin(): boolean {
    return this.#connection.isTransaction;
  }

  /** Undoes what the open transaction did, if SQLite has not. */
  rollback(): void {
    if (this.isWithin) this.exec('ROLLBACK');
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
      this.rollback();
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
