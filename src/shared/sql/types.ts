/** PostgreSQL as a dependency: the embedded PGlite and a server behind one small interface. */

/** Arrays bind to PostgreSQL arrays (`= ANY($1)`); jsonb is passed as JSON text. */
export type SqlParameter = string | number | boolean | Date | null | readonly (string | number)[];

export interface Queryable {
  /** Runs one parameterised statement (`$1`, `$2`, …) and returns its rows. jsonb comes back parsed, timestamptz as Date, bigint as number. */
  query<Row = Record<string, unknown>>(text: string, parameters?: readonly SqlParameter[]): Promise<Row[]>;
}

export interface Database extends Queryable {
  /** Runs `work` in one transaction on one connection; rolls back when it rejects. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Runs a script of several statements without parameters. */
  script(text: string): Promise<void>;
  close(): Promise<void>;
}
