/** Transactions that end with an answer and yet keep nothing. */
import type { Caller } from '../call.ts';
import type { ApiTransaction } from '../types.ts';

class Undone<T> extends Error {
  readonly outcome: T;
  constructor(outcome: T) {
    super('the transaction is rolled back');
    this.outcome = outcome;
  }
}

/**
 * Runs `work` in a transaction. `undo(outcome)` ends it with everything rolled back, what triggers
 * published and queued included, and with that outcome. A subrequest of an all-or-none composite call has
 * no transaction of its own: there its failing answer rolls the whole call back.
 */
export const transact = <T>(
  caller: Caller,
  work: (transaction: ApiTransaction, undo: (outcome: T) => never) => T,
): T => {
  const undo = (outcome: T): never => {
    throw new Undone(outcome);
  };
  try {
    return caller.transaction((transaction) => work(transaction, undo));
  } catch (error) {
    if (error instanceof Undone) return error.outcome as T;
    throw error;
  }
};
