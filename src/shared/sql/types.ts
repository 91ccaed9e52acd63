/** PostgreSQL as a dependency: the embedded PGlite and a server behind one small interface. */

/** Arrays bind to PostgreSQL arrays (`= ANY($1)`); jsonb is passed as JSON text. */
export type SqlParameter = string | number | boolean | Date | null | readonly (string | number)[];

export interface Queryable {
  /** Runs one parameterised statement (`$1`, `$2`, …) and returns its rows. jsonb comes back parsed, timestamptz as Date, bigint as number. */
  query<Row = Record<string, unknown>>(text: string, parameters?: readonly SqlParameter[]): Promise<Row[]>;
}

export interface TransactionOptions {
  /** For migrations: neither a statement nor its wait for a lock has a limit. A database that falls silent is noticed all the same. */
  unlimited?: boolean;
}

export interface Database extends Queryable {
  /**
   * Runs `work` in one transaction on one connection; rolls back when it rejects. A server may run it again after a
   * deadlock, so it must do nothing but work on the database. Rejects as errors.ts sorts it; when the database goes
   * away while it commits, whether the transaction took effect is unknown.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Runs a script of several statements without parameters. */
  script(text: string): Promise<void>;
  /** Frees the room of deleted and changed rows, and counts the rows again. Absent: the server does it by itself (autovacuum). */
  vacuum?(): Promise<void>;
  /** What keeps the database from storing, in words for people; null: nothing is known of any. Absent: its errors tell. */
  trouble?(): string | null;
  close(): Promise<void>;
}

/** Told when a database goes away and when it is back. `detail` never holds a secret or a value. */
export type DatabaseLog = (level: 'info' | 'warn', event: string, detail?: Record<string, unknown>) => void;
