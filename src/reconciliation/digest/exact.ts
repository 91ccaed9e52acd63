import type { Cell } from './peel.ts';

/**
 * Sums are compared only while they are exact. A Salesforce Number is a double that keeps 15 digits (Salesforce Help,
 * "Custom Field Types", Number), SOQL answers SUM as a double, JSON.parse rounds above 2^53: the smallest of these counts.
 */
export const EXACT_BELOW = 1e15;
/** Records whose sums are exact whatever their numbers: each is below 10^9. */
export const EXACT_RECORDS = 1_000_000;

/** A sum may have been rounded: two sides whose sums look equal could differ, so nothing is concluded from it. */
export class InexactSum extends Error {
  override name = 'InexactSum';
}

const SUMS = ['k1', 'k2', 'd', 'c'] as const;

/** The cell, when each of its sums is exact. `whose`: the side that summed. Throws InexactSum. */
export const exactCell = (cell: Cell, whose: string): Cell => {
  for (const name of SUMS)
    if (!Number.isSafeInteger(cell[name]) || Math.abs(cell[name]) >= EXACT_BELOW)
      throw new InexactSum(
        `${whose} sums ${cell.count} records to ${name} = ${cell[name]}, which has more digits than a sum keeps exactly; sum smaller parts of the keys`,
      );
  return cell;
};

/**
 * All parts in one cell. The count is whole; each sum is taken modulo 10^15, so that it is exact and fits a Salesforce
 * Number at any size. Below a million records it is the sum itself.
 */
export const combined = (parts: Cell[]): Cell => {
  const modulus = BigInt(EXACT_BELOW);
  const sumOf = (name: (typeof SUMS)[number]): number =>
    Number(parts.reduce((sum, part) => (sum + BigInt(part[name])) % modulus, 0n));
  return {
    count: parts.reduce((sum, { count }) => sum + count, 0),
    k1: sumOf('k1'),
    k2: sumOf('k2'),
    d: sumOf('d'),
    c: sumOf('c'),
  };
};
