/** Reading of arguments: what a native function does with null and with the several number types. */
import type { Apex } from '../../types.ts';
import { apexException, ApexDouble, Decimal, type ApexException } from '../../values/index.ts';

/** What String, Math and their like throw for a null argument. */
export const argumentIsNull = (): ApexException => apexException('NullPointerException', 'Argument cannot be null.');

/** The argument, or NullPointerException when it is null. */
export const present = <T>(value: T | null | undefined): T => {
  if (value === null || value === undefined) throw argumentIsNull();
  return value;
};

/** All of them present. */
export const allPresent = (...values: Apex[]): void => values.forEach(present);

/** An Integer, Long, Decimal or Double as JavaScript number. */
export const numberOf = (value: Apex): number => {
  const given: Apex = present(value);
  if (given instanceof Decimal) return given.toNumber();
  return given instanceof ApexDouble ? given.value : Number(given);
};

/** Any number as Decimal. */
export const decimalOf = (value: Apex): Decimal => {
  const given: Apex = present(value);
  if (given instanceof Decimal) return given;
  return given instanceof ApexDouble ? Decimal.fromNumber(given.value) : Decimal.fromInteger(given);
};

/** Any number as Long, truncated toward zero and wrapped to 64 bits. */
export const longOf = (value: Apex): bigint => {
  const given: Apex = present(value);
  if (given instanceof Decimal) return BigInt.asIntN(64, given.toBigInt());
  if (typeof given === 'bigint') return given;
  return doubleToLong(given instanceof ApexDouble ? given.value : Number(given));
};

const MAX_LONG = 2n ** 63n - 1n;
const MIN_LONG = -(2n ** 63n);

/** A double as Long: truncated, saturated at the ends, 0 for NaN. */
export const doubleToLong = (value: number): bigint => {
  if (Number.isNaN(value)) return 0n;
  if (value >= 2 ** 63) return MAX_LONG;
  if (value <= -(2 ** 63)) return MIN_LONG;
  return BigInt(Math.trunc(value));
};

/** Any number as Integer, wrapped to 32 bits. */
export const integerOf = (value: Apex): number =>
  typeof value === 'number' ? value | 0 : Number(BigInt.asIntN(32, longOf(value)));
