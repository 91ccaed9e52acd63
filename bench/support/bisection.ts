import type { Cell } from '../../src/reconciliation/digest/peel.ts';
import { WHOLE_RANGE, type Range } from '../../src/reconciliation/types.ts';

/** Count and sums of the digests in ranges of K1, in the order of the ranges. */
export type RangeSums = (ranges: Range[]) => Cell[] | Promise<Cell[]>;

export interface Bisected {
  /** Elements in the ranges that were left: those that the sides differ by, and any that share K1 with one of them. */
  found: number;
  /** Ranges asked for, on each side. */
  ranges: number;
  /** False when it was given up: then `found` and `ranges` are what there was by then. */
  finished: boolean;
}

export const sameSums = (a: Cell, b: Cell): boolean =>
  a.count === b.count && a.k1 === b.k1 && a.k2 === b.k2 && a.d === b.d && a.c === b.c;

/**
 * What one would do without cells: level by level, halves of the ranges whose sums differ, until a range
 * holds at most one record a side. `goOn` is asked before each part of a level, of as many ranges as `atOnce`.
 */
export const bisect = async (
  ours: RangeSums,
  theirs: RangeSums,
  atOnce = Number.POSITIVE_INFINITY,
  goOn: () => boolean = () => true,
): Promise<Bisected> => {
  const result: Bisected = { found: 0, ranges: 0, finished: true };
  let level: Range[] = [WHOLE_RANGE];
  while (level.length > 0) {
    const next: Range[] = [];
    for (let start = 0; start < level.length; start += Math.min(atOnce, level.length)) {
      if (!goOn()) return { ...result, finished: false };
      const part = level.slice(start, start + atOnce);
      const [a, b] = [await ours(part), await theirs(part)];
      result.ranges += part.length;
      part.forEach(({ from, to }, index) => {
        const [inside, outside] = [a[index]!, b[index]!];
        if (sameSums(inside, outside)) return;
        if (Math.max(inside.count, outside.count) <= 1 || to - from <= 1) {
          result.found += inside.count + outside.count;
          return;
        }
        const middle = Math.floor((from + to) / 2);
        next.push({ from, to: middle }, { from: middle, to });
      });
    }
    level = next;
  }
  return result;
};
