/**
 * What an error of the database says. The database is away: nothing is wrong with the statement, the same work
 * succeeds later. A data error: this statement's values are at fault, and will be each time.
 */

/** The database did not answer, or cannot work now. Whether a COMMIT that was under way took effect is unknown. */
export class DatabaseUnavailable extends Error {
  override name = 'DatabaseUnavailable';
}

/** The five characters that PostgreSQL names an error by (Appendix A of its documentation), or null. */
export const sqlState = (error: unknown): string | null => {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code) ? code : null;
};

const startsWithOneOf = (state: string | null, starts: readonly string[]): boolean =>
  state !== null && starts.some((start) => state.startsWith(start));

/** By class (two characters) or by state (five). */
const UNAVAILABLE = [
  '08', // connection exception
  '25006', // read only: a standby after a failover
  '25P03', // idle in transaction for too long: the connection is closed
  '25P04', // transaction timeout
  '53', // insufficient resources: connections, memory, disk
  '55P03', // a lock was not available in time
  '57014', // cancelled: by the statement timeout, or by an administrator
  '57P', // shutting down, crashed, starting, dropped, idle for too long
  '58', // system error: input, output
];

/** True when the same work can succeed later: the database is away, or too busy. */
export const isDatabaseUnavailable = (error: unknown): boolean =>
  error instanceof DatabaseUnavailable || startsWithOneOf(sqlState(error), UNAVAILABLE);

const DATA = [
  '21', // two rows of one statement for the same row
  '22', // data exception: a NUL character, a number out of range, text that is not JSON
  '23', // a constraint
  '54', // a limit of the program: a value too large for its index
];

/** True when the values of the statement are at fault: without the culprit the rest succeeds. */
export const isDataError = (error: unknown): boolean => startsWithOneOf(sqlState(error), DATA);

const CONFLICT = ['40001', '40P01'];

/** True when a transaction met another one (serialization failure, deadlock): rolled back, and worth repeating at once. */
export const isTransactionConflict = (error: unknown): boolean => startsWithOneOf(sqlState(error), CONFLICT);
