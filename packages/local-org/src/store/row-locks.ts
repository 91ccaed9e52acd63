/**
 * Rows that other transactions hold. The org runs one transaction at a time, so that nobody waits for anybody: who
 * wants to see what happens to a save in an org where others save too holds rows for a time of the clock.
 */
import type { Clock } from 'kernel/clock.ts';
import { StoreError } from './types.ts';
import type { SaveError } from './types.ts';

/** How long a transaction waits for a lock (Salesforce Help, 000386567), in milliseconds. */
export const MAX_WAIT = 10_000;

export class RowLocks {
  readonly #clock: Clock;
  /** Id to the moment, in epoch milliseconds, at which the row is let go. */
  readonly #held = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Another transaction holds the rows for so long from now on. */
  hold(ids: readonly string[], ms: number): void {
    for (const id of ids) this.#held.set(id, this.#clock.now() + ms);
  }

  /** It lets go of them; of all rows when none are named. */
  release(ids: readonly string[] = [...this.#held.keys()]): void {
    for (const id of ids) this.#held.delete(id);
  }

  /** Which of the rows are not let go while a transaction waits for them. */
  unavailable(ids: Iterable<string>): ReadonlySet<string> {
    if (this.#held.size === 0) return NONE;
    const patience = this.#clock.now() + MAX_WAIT;
    return new Set([...ids].filter((id) => (this.#held.get(id) ?? 0) > patience));
  }
}

const NONE: ReadonlySet<string> = new Set();

/** Salesforce's answer to a save that waited in vain. */
export function lockError(ids: ReadonlySet<string>): SaveError {
  const listed = [...ids].sort().join(',');
  return {
    code: 'UNABLE_TO_LOCK_ROW',
    message: `unable to obtain exclusive access to this record or ${ids.size} records: ${listed}`,
    fields: [],
  };
}

/** Its answer to a query FOR UPDATE that did. */
export const queryLockError = (): StoreError =>
  new StoreError(
    'UNABLE_TO_LOCK_ROW',
    'Record Currently Unavailable: The record you are attempting to edit, or one of its related records, is currently being modified by another user. Please try again.',
  );
