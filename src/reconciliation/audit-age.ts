import { WHOLE_RANGE, type Range } from './types.ts';

export interface AuditedRange extends Range {
  /** When it was audited, in epoch milliseconds. */
  at: number;
}

/** What vouches for the digests: how much of the key space was ever audited, and how long ago. */
export interface AuditAge {
  coveredPercent: number;
  /** When the part audited longest ago was audited; null while a part never was. */
  oldestAt: number | null;
  newestAt: number | null;
}

/** The parts of `range` that `cut` leaves. */
const without = (range: Range, cut: Range): Range[] =>
  [
    { from: range.from, to: Math.min(range.to, cut.from) },
    { from: Math.max(range.from, cut.to), to: range.to },
  ].filter(({ from, to }) => from < to);

/** Of each part of the key space its newest audit counts. */
export const auditAge = (audits: AuditedRange[]): AuditAge => {
  const newestFirst = audits.toSorted((a, b) => b.at - a.at);
  let uncovered: Range[] = [WHOLE_RANGE];
  let oldest: number | null = null;
  for (const audit of newestFirst) {
    if (uncovered.length === 0) break;
    const left = uncovered.flatMap((range) => without(range, audit));
    if (size(left) < size(uncovered)) oldest = audit.at;
    uncovered = left;
  }
  return {
    coveredPercent: Math.floor((1 - size(uncovered) / size([WHOLE_RANGE])) * 10_000) / 100,
    oldestAt: uncovered.length === 0 ? oldest : null,
    newestAt: newestFirst[0]?.at ?? null,
  };
};

const size = (ranges: Range[]): number => ranges.reduce((sum, { from, to }) => sum + to - from, 0);
