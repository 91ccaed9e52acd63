/**
 * What values do in one go (compare long lists, make long texts) costs CPU time as well. Values know no
 * runtime: whoever runs a transaction says here what its work is charged to. Everything is synchronous, so
 * there is one at a time.
 */
import type { Apex } from '../types.ts';
import { HeapSize } from './heap-size.ts';
import { LimitExceeded } from './limit-exceeded.ts';

/** Whose limits count. */
interface Account {
  spend: (steps: number) => void;
  /** Looks at the heap, when it is time to; `values` are in no variable yet. */
  checkHeap: (values: readonly Apex[]) => void;
}

let account: Account = { spend: () => {}, checkHeap: () => {} };

/** Charges the work of values to `other` while `run` runs. */
export const chargingTo = <T>(other: Account, run: () => T): T => {
  const outer = account;
  account = other;
  try {
    return run();
  } finally {
    account = outer;
  }
};

/** Charges so many steps: an element compared, some characters written. LimitException when the CPU time is used up. */
export const spend = (steps: number): void => account.spend(steps);

/** After something large was made: LimitException when the heap is too large with it. */
export const checkHeap = (...values: Apex[]): void => account.checkHeap(values);

/** Characters of the longest String. Salesforce says `String length exceeds maximum: 6000000`. */
export const MAX_TEXT = 6_000_000;
/** Elements of the longest collection: four bytes each fill the heap of asynchronous Apex. */
export const MAX_ELEMENTS = 3_000_000;

/** Refuses a text of so many characters, best before it is made. */
export const checkLength = (characters: number): void => {
  if (characters > MAX_TEXT) throw new LimitExceeded(`String length exceeds maximum: ${MAX_TEXT}`);
};

/** Refuses a collection of so many elements. */
export const checkElements = (elements: number): void => {
  if (elements > MAX_ELEMENTS) throw heapTooLarge(elements * HeapSize.reference);
};

export const heapTooLarge = (bytes: number): LimitExceeded => new LimitExceeded(`Apex heap size too large: ${bytes}`);
