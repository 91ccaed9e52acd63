/** The natural order that List.sort uses. */
import type { Apex } from '../types.ts';
import { ApexBlob } from './blob.ts';
import { ApexDate } from './date.ts';
import { ApexDatetime } from './datetime.ts';
import { Decimal } from './decimal.ts';
import { ApexDouble } from './double.ts';
import { compareNumbers } from './equality.ts';
import { apexException } from './exception.ts';
import { ApexEnum, ApexObject, NativeObject, userMethod } from './object.ts';
import { SObject } from './sobject.ts';
import { ApexTime } from './time.ts';

const isNumber = (value: Apex): boolean =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal || value instanceof ApexDouble;

/** The number that orders a value of these types, or null. */
const ordinal = (value: Apex): number | null => {
  if (value instanceof ApexDate) return value.days;
  if (value instanceof ApexDatetime || value instanceof ApexTime) return value.ms;
  if (value instanceof ApexEnum) return value.ordinal;
  return typeof value === 'boolean' ? Number(value) : null;
};

/** Fields in the order records are sorted by: Name, then standard fields from Id on, then custom ones, each by name. */
const sortFields = (a: SObject, b: SObject): string[] => {
  const names = new Set([...a.fieldNames(), ...b.fieldNames()].map((name) => name.toLowerCase()));
  const rank = (name: string): number => (name === 'name' ? 0 : name === 'id' ? 1 : name.endsWith('__c') ? 3 : 2);
  return [...names].sort((x, y) => rank(x) - rank(y) || (x < y ? -1 : 1));
};

const compareRecords = (a: SObject, b: SObject): number => {
  if (a.type !== b.type) return a.type < b.type ? -1 : 1;
  for (const name of sortFields(a, b)) {
    const order = compareForSort(a.peek(name), b.peek(name));
    if (order !== 0) return order;
  }
  return 0;
};

/** Negative, zero or positive; null first. Strings by their code units, records field by field, user objects by compareTo. */
export const compareForSort = (a: Apex, b: Apex): number => {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : 1;
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  const [x, y] = [ordinal(a), ordinal(b)];
  if (x !== null && y !== null) return x - y;
  if (a instanceof SObject && b instanceof SObject) return compareRecords(a, b);
  if (a instanceof ApexObject) {
    const compareTo = userMethod(a, 'compareTo', 1);
    if (compareTo !== null) return compareTo(b) as number;
  }
  if (a instanceof ApexBlob && b instanceof ApexBlob) return Buffer.compare(a.bytes, b.bytes);
  if (a instanceof NativeObject && a.identity() !== null)
    return a.identity()! < ((b as NativeObject).identity() ?? '') ? -1 : 1;
  throw apexException('ListException', 'One or more of the items in this list is not Comparable.');
};
