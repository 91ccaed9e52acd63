import { createHash } from 'node:crypto';

/**
 * One record in one state, as a few numbers that can be summed. Every number is below 10^9, so that a
 * sum over 10^6 records stays within the 15 digits that a Salesforce Number keeps exactly.
 *
 * - `k1`, `k2`: the record's identity, two halves of a hash of `Sync_Key__c`
 * - `d`: its state, a hash of key and content
 * - `c`: a check that recomputes from the other three: it tells a cell with one element from a cell whose sums only look like one
 */
export interface Element {
  k1: number;
  k2: number;
  d: number;
  c: number;
}

const MODULUS = 1_000_000_000;

/** Groups of one GROUP BY query at most (SOQL and SOSL Reference, GROUP BY). */
export const LARGE_CELLS = 2_000;
/** Tables = subqueries in one Composite call at most (REST API Developer Guide, Composite: 5 query operations). */
export const LARGE_TABLES = 5;
/** A second, smaller set for the usual case that little differs. Its cells are the large ones folded. */
export const SMALL_CELLS = 80;
export const SMALL_TABLES = 4;

const sha256Hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** The `index`-th group of eight hex digits as a number below 10^9. */
const slice = (hex: string, index: number): number =>
  Number.parseInt(hex.slice(index * 8, index * 8 + 8), 16) % MODULUS;

/** The identity halves of a key. */
export const keyHalves = (key: string): { k1: number; k2: number } => {
  const hex = sha256Hex(key);
  return { k1: slice(hex, 0), k2: slice(hex, 1) };
};

const derived = ({ k1, k2, d }: Omit<Element, 'c'>): string => sha256Hex(`${k1}|${k2}|${d}`);

/** The element of a record: `content` is its canonical content (see content.ts). */
export const elementOf = (key: string, content: string): Element => {
  const { k1, k2 } = keyHalves(key);
  const d = slice(sha256Hex(`${key}\n${content}`), 0);
  return { k1, k2, d, c: slice(derived({ k1, k2, d }), 0) };
};

/** The cell of an element in each large table, from its numbers alone. */
export const cellsOf = (element: Omit<Element, 'c'>): number[] => {
  const hex = derived(element);
  return Array.from({ length: LARGE_TABLES }, (_, table) => slice(hex, table + 1) % LARGE_CELLS);
};

/** Whether `c` is the check of the other three. */
export const checks = (element: Element): boolean => slice(derived(element), 0) === element.c;
