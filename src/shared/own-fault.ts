import { isDataError, sqlState } from './sql/errors.ts';

/** A refusal for good of what provoked an error. */
export interface OwnFault {
  errorCode: 'NOT_STORABLE' | 'INTERNAL_ERROR';
  message: string;
}

/** What the JavaScript engine throws at a bug. */
const BUGS = [TypeError, RangeError, ReferenceError, SyntaxError];

/**
 * Tells what an error says of the message or record whose handling ended in it; null when the error says something of
 * the system, which concerns the others as well. The database's words may quote values: only its code is told.
 */
export const ownFault = (error: unknown): OwnFault | null => {
  if (isDataError(error))
    return {
      errorCode: 'NOT_STORABLE',
      message: `the database cannot store this (SQLSTATE ${sqlState(error)}); correct it and send it again`,
    };
  if (BUGS.some((bug) => error instanceof bug))
    return {
      errorCode: 'INTERNAL_ERROR',
      message: `handling this failed (${(error as Error).name}); the log of the receiver says where`,
    };
  return null;
};
