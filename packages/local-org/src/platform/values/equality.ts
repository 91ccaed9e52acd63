/** The `==` operator between values whose static types say nothing more than Object. */
import type { Apex } from '../types.ts';
import { Decimal } from './decimal.ts';
import { ApexDouble } from './double.ts';
import { sameKey } from './key.ts';
import { spend } from './work.ts';

/** A number of any Apex type as Decimal or, for doubles, as JavaScript number; null for anything else. */
const numeric = (value: Apex): Decimal | number | null => {
  if (value instanceof Decimal) return value;
  if (value instanceof ApexDouble) return value.value;
  return typeof value === 'number' || typeof value === 'bigint' ? Decimal.fromInteger(value) : null;
};

/** Order of two numbers of any Apex number types; NaN is unordered. */
export const compareNumbers = (a: Apex, b: Apex): number => {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  const left = numeric(a);
  const right = numeric(b);
  if (left instanceof Decimal && right instanceof Decimal) return left.compareTo(right);
  const x = left instanceof Decimal ? left.toNumber() : (left ?? NaN);
  const y = right instanceof Decimal ? right.toNumber() : (right ?? NaN);
  return x < y ? -1 : x > y ? 1 : x === y ? 0 : NaN;
};

/** Longer texts cost CPU time to compare. */
const LONG = 256;
const CHARACTERS_PER_STEP = 32;

/** Without regard to case. */
export const equalsText = (a: string, b: string): boolean => {
  if (a.length !== b.length) return false;
  if (a.length > LONG) spend(a.length / CHARACTERS_PER_STEP);
  return a.toLowerCase() === b.toLowerCase();
};

/** `a == b`: strings without regard to case, numbers by value, collections and records by content, objects by `equals` or identity. */
export const equalsApex = (a: Apex, b: Apex): boolean => {
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (typeof a === 'string') return typeof b === 'string' && equalsText(a, b);
  if (numeric(a) !== null) return numeric(b) !== null && compareNumbers(a, b) === 0;
  return sameKey(a, b);
};
