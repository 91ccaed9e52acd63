/** Equality of Set elements and Map keys: exact, so strings differ by case. */
import type { Apex } from '../types.ts';
import { ApexBlob } from './blob.ts';
import { ApexDate } from './date.ts';
import { ApexDatetime } from './datetime.ts';
import { Decimal } from './decimal.ts';
import { ApexDouble } from './double.ts';
import { ApexObject, NativeObject, userMethod } from './object.ts';
import { ApexTime } from './time.ts';

/** Records and collections: equal when their contents are. */
export abstract class ComparedByContent {
  /** Whether `other`, of whatever type, has the same content. */
  abstract sameContent(other: Apex): boolean;
  abstract contentHash(): number;
}

/** Null has a stand-in, because `undefined` and `null` mean "none" to callers. */
const NULL_KEY = '\0null';

/** A primitive that is equal exactly for equal values, the object itself for identity, or undefined for values compared by content. */
export const plainKey = (value: Apex): unknown => {
  if (value === null) return NULL_KEY;
  if (typeof value !== 'object') return value;
  if (value instanceof Decimal) {
    const stripped = value.stripTrailingZeros();
    return `\0dec:${stripped.unscaled}e${-stripped.scale}`;
  }
  if (value instanceof ApexDouble) return `\0dbl:${value.value}`;
  if (value instanceof ApexDate) return `\0date:${value.days}`;
  if (value instanceof ApexDatetime) return `\0dt:${value.ms}`;
  if (value instanceof ApexTime) return `\0time:${value.ms}`;
  if (value instanceof ApexBlob) return `\0blob:${value.toBase64()}`;
  if (value instanceof ComparedByContent) return undefined;
  if (value instanceof NativeObject) {
    const identity = value.identity();
    return identity === null ? value : `\0${value.apexType}:${identity}`;
  }
  if (value instanceof ApexObject && userMethod(value, 'equals', 1) !== null) return undefined;
  return value;
};

/** Whether two values are the same Set element or Map key: `a.equals(b)`. */
export const sameKey = (a: Apex, b: Apex): boolean => {
  if (a === b) return true;
  if (a === null || b === null) return false;
  const plain = plainKey(a);
  if (plain !== undefined) return plain === plainKey(b);
  if (a instanceof ComparedByContent) return a.sameContent(b);
  return userMethod(a, 'equals', 1)!(b) === true;
};
