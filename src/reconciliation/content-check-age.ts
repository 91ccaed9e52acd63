import { WHOLE_RANGE, type Range } from './types.ts';

export interface CheckedRange extends Range {
  /** When it was checked, in epoch milliseconds. */
  at: number;
}

/** What vouches for the digests: how much of the key space was ever checked, and how long ago. */
export interface ContentCheckAge {
  coveredPercent: number;
  /** When the part checked longest ago was checked; null while a part never was. */
  oldestAt: number | null;
  newestAt: number | null;
}

/** The parts of `range` that `cut` leaves. */
const without = (range: Range, cut: Range): Range[] =>
  [
    { from: range.from, to: Math.min(range.to, cut.from) },
    { from: Math.max(range.from, cut.to), to: range.to },
  ].filter(({ from, to }) => from < to);

/** Of each part of the key space its newest content check counts. */
export const contentCheckAge = (contentChecks: CheckedRange[]): ContentCheckAge => {
  const newestFirst = contentChecks.toSorted((a, b) => b.at - a.at);
  let uncovered: Range[] = [WHOLE_RANGE];
  let oldest: number | null = null;
  for (const check of newestFirst) {
    if (uncovered.length === 0) break;
    const left = uncovered.flatMap((range) => without(range, check));
    if (size(left) < size(uncovered)) oldest = check.at;
    uncovered = left;
  }
  return {
    coveredPercent: Math.floor((1 - size(uncovered) / size([WHOLE_RANGE])) * 10_000) / 100,
    oldestAt: uncovered.length === 0 ? oldest : null,
    newestAt: newestFirst[0]?.at ?? null,
  };
};

const size = (ranges: Range[]): number => ranges.reduce((sum, { from, to }) => sum + to - from, 0);
