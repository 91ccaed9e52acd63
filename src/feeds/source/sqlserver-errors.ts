/** What errors of SQL Server and of its driver are to a feed. */
import { SourceError } from './types.ts';

/** Numbers of SQL Server ("Database Engine events and errors"). */
const NO_SUCH_OBJECT = 208;
const NO_SUCH_COLUMN = 207;
const NO_PERMISSION = [229, 230, 916];
const CANNOT_OPEN_DATABASE = 4060;
/** A deadlock's victim, a wait for a lock, a snapshot that was gone: another try may do. */
const FOR_NOW = [1205, 1222, 3960];

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const numberOf = (error: unknown): number => Number((error as { number?: unknown } | null)?.number ?? 0);

/** An error while a view is read. */
export const sqlServerErrorOf = (error: unknown, view: string): SourceError => {
  if (error instanceof SourceError)
    return new SourceError(error.code, `${view} ${error.message}`, error.isRetryable, { cause: error });
  const number = numberOf(error);
  const words = wordsOf(error);
  const because = { cause: error };
  if (number === NO_SUCH_OBJECT)
    return new SourceError(
      'NO_VIEW',
      `there is no view ${view}: ${words}; create it, or correct the configuration`,
      false,
      because,
    );
  if (NO_PERMISSION.includes(number))
    return new SourceError('NO_PERMISSION', `the user may not read ${view}: ${words}; grant it SELECT`, false, because);
  if (number === NO_SUCH_COLUMN)
    return new SourceError('QUERY_FAILED', `${view} changed while it was read: ${words}; run again`, true, because);
  if (number > 0)
    return new SourceError(
      'QUERY_FAILED',
      `${view} failed: ${words}; correct the view`,
      FOR_NOW.includes(number),
      because,
    );
  return new SourceError(
    'LOST',
    `the connection was lost while ${view} was read: ${words}; look at the server, and run again`,
    true,
    because,
  );
};

/** An error of the login. `where`: the server and the database, for people. */
export const loginErrorOf = (error: unknown, where: string): SourceError => {
  const because = { cause: error };
  const words = wordsOf(error);
  // tedious tells the server's refusal of a database by the words alone
  if (numberOf(error) === CANNOT_OPEN_DATABASE || /^Cannot open database/.test(words))
    return new SourceError('NO_SERVER', `${where}: ${words}; correct the configuration`, false, because);
  if (codeOf(error) === 'ELOGIN')
    return new SourceError(
      'LOGIN_FAILED',
      `${where} refuses the user: ${words}; check user and secret`,
      false,
      because,
    );
  return new SourceError(
    'NO_SERVER',
    `${where} does not answer: ${words}; look at the server, and run again`,
    true,
    because,
  );
};
