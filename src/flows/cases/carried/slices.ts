/**
 * In how many parts pending Cases are read. `Sync_Pending__c` has few values, and an index serves 333,333 rows at most
 * ("Database Query & Search Optimization Cheat Sheet"): where more wait, a query that is led by it walks over all Cases
 * and is ended by Salesforce. Then a round of sweeps goes slice by slice of the keys, whose index serves each; a Case
 * whose digest is missing (loaded past the trigger) is read again when a round reads all keys at once.
 */
import { partsFor, SAMPLES } from '../../../reconciliation/sides/key-range.ts';
import { partsOf, type Range } from '../../../reconciliation/types.ts';
import type { Sampled } from './salesforce/port.ts';

/** So many pending Cases are read without slices: a third of what the index serves, since they are counted by a sample. */
const FEW = 100_000;
/** Slices that are too large still are cut into so many. */
const NARROWER = 4;
/** Of so few Cases no query is slow for their number: Salesforce is, and smaller slices would only be more calls. */
const FEW_CASES = 1_000;

/** Where a round stands. */
export interface Slices {
  /** 1: all keys at once. */
  slices: number;
  /** The one that is being read. */
  slice: number;
  /** Pending Cases that the round has read. */
  round_rows: number;
}

export const ALL_AT_ONCE: Slices = { slices: 1, slice: 0, round_rows: 0 };

/** These of what else is known beside them. */
export const slicesOf = ({ slices, slice, round_rows }: Slices): Slices => ({ slices, slice, round_rows });

/** The keys that are being read, or null: all. */
export const sliceOf = ({ slices, slice }: Slices): Range | null => (slices === 1 ? null : partsOf(slices)[slice]!);

/** After a page: the same slice while it has more, else the next one, or the first of a new round. */
export const afterPage = (now: Slices, rows: number, hasMore: boolean): Slices => {
  const round_rows = now.round_rows + rows;
  if (hasMore) return { ...now, round_rows };
  const slice = now.slice + 1;
  if (slice < now.slices) return { ...now, slice, round_rows };
  return round_rows > FEW ? { ...now, slice: 0, round_rows: 0 } : ALL_AT_ONCE;
};

/** After a page that Salesforce did not give. `wasEnded`: it said that the query took too long. */
export const afterFailure = (now: Slices, { cases, pending }: Sampled, wasEnded: boolean): Slices => {
  if (!wasEnded && pending * SAMPLES <= FEW) return now;
  const smallest = Math.ceil((cases * SAMPLES) / FEW_CASES);
  const tried = wasEnded && now.slices > 1 ? Math.min(now.slices * NARROWER, Math.max(now.slices, smallest)) : 1;
  // so many that their number fits their width
  const { length: slices } = partsOf(Math.max(2, partsFor(cases), tried));
  return { slices, slice: 0, round_rows: 0 };
};
