/** How long a server of PostgreSQL may take. Milliseconds. */
export interface Limits {
  /** For a connection, new or from the pool. */
  connectMs: number;
  /** A statement that waits this long has another connection ask whether the database is there at all. */
  silenceMs: number;
  /** For one statement. */
  statementMs: number;
  /** For one lock. Shorter than a statement: whoever holds it may have died, and waiting callers need an answer. */
  lockMs: number;
  /** A transaction whose program says nothing for this long is rolled back by the server, and its locks are free. */
  idleInTransactionMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  connectMs: 5_000,
  silenceMs: 3_000,
  statementMs: 30_000,
  lockMs: 10_000,
  idleInTransactionMs: 30_000,
};

/** The parameters of a connection URL that set a limit, by the names that libpq and the server give them. */
const PARAMETERS: [name: string, limit: keyof Limits, unitMs: number][] = [
  ['connect_timeout', 'connectMs', 1_000],
  ['statement_timeout', 'statementMs', 1],
  ['lock_timeout', 'lockMs', 1],
  ['idle_in_transaction_session_timeout', 'idleInTransactionMs', 1],
];

/** The limits that a connection URL names (`postgres://…/name?statement_timeout=60000`); the default for each that it does not. */
export const limitsOf = (url: string): Limits => {
  const limits = { ...DEFAULT_LIMITS };
  const given = URL.parse(url)?.searchParams;
  for (const [name, limit, unitMs] of PARAMETERS) {
    const value = Number(given?.get(name) ?? NaN) * unitMs;
    if (value > 0) limits[limit] = value;
  }
  return limits;
};
