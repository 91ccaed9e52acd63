/** What System.assert… and Assert have in common. */
import type { Apex } from '../../types.ts';
import {
  apexException,
  ApexDouble,
  type ApexException,
  compareNumbers,
  Decimal,
  sameKey,
  toApexString,
} from '../../values/index.ts';

const isNumber = (value: Apex): boolean =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal || value instanceof ApexDouble;

/** Equality of assertions: numbers of different types by value, strings with regard to case. */
export const same = (a: Apex, b: Apex): boolean =>
  isNumber(a) && isNumber(b) ? compareNumbers(a, b) === 0 : sameKey(a, b);

/** `Assertion Failed: message: detail`, leaving out what is absent. */
export const failure = (message: Apex, detail?: string): ApexException => {
  const parts = [
    'Assertion Failed',
    ...(message === null || message === undefined ? [] : [toApexString(message)]),
    ...(detail === undefined ? [] : [detail]),
  ];
  return apexException('AssertException', parts.join(': '));
};

export const assertEqual = (expected: Apex, actual: Apex, message?: Apex): void => {
  if (!same(expected, actual))
    throw failure(message, `Expected: ${toApexString(expected)}, Actual: ${toApexString(actual)}`);
};

export const assertNotEqual = (notExpected: Apex, actual: Apex, message?: Apex): void => {
  if (same(notExpected, actual)) throw failure(message, `Same value: ${toApexString(actual)}`);
};
