/** Comparison, equality and logic. */
import type { Apex, NativeFunction } from '../types.ts';
import {
  ApexBlob,
  ApexDate,
  ApexDatetime,
  ApexDouble,
  ApexTime,
  compareForSort,
  Decimal,
  equalsApex,
  sameKey,
} from '../values/index.ts';
import { nullPointer } from './null.ts';

type Nullable = number | bigint | null;

/** Primitives that JavaScript holds in objects: `===` compares them by value all the same. */
const BOXED = [Decimal, ApexDouble, ApexDate, ApexDatetime, ApexTime, ApexBlob];

export const comparison = {
  /** Integer and Long; nothing is less or greater than null. */
  lt: (a: Nullable, b: Nullable) => a !== null && b !== null && a < b,
  gt: (a: Nullable, b: Nullable) => a !== null && b !== null && a > b,
  le: (a: Nullable, b: Nullable) => a !== null && b !== null && a <= b,
  ge: (a: Nullable, b: Nullable) => a !== null && b !== null && a >= b,
  /** Other numbers and dates: NaN, which no comparison holds for, when one is null. */
  compare: (a: Apex, b: Apex) => (a === null || b === null ? NaN : compareForSort(a, b)),
  /** `==` */
  eq: equalsApex,
  /** `===` */
  same: (a: Apex, b: Apex) => a === b || (a !== null && BOXED.some((type) => a instanceof type) && sameKey(a, b)),
} satisfies Record<string, NativeFunction>;

type NullableBoolean = boolean | null;

export const booleans = {
  /** A Boolean that is tested. */
  truth: (a: NullableBoolean) => (a === null ? nullPointer() : a),
  andBoolean: (a: NullableBoolean, b: NullableBoolean) => (a === null || b === null ? nullPointer() : a && b),
  orBoolean: (a: NullableBoolean, b: NullableBoolean) => (a === null || b === null ? nullPointer() : a || b),
  xorBoolean: (a: NullableBoolean, b: NullableBoolean) => (a === null || b === null ? nullPointer() : a !== b),
} satisfies Record<string, NativeFunction>;
