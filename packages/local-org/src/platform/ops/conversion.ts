/** Changes of representation; null stays null. */
import type { TypeRef } from '../../compiler/types.ts';
import type { Apex, NativeFunction } from '../types.ts';
import { ApexDatetime, ApexDouble, Decimal, MS_PER_DAY } from '../values/index.ts';
import type { ApexDate } from '../values/index.ts';

const convert =
  <A, B>(change: (value: A) => B) =>
  (value: A | null): B | null =>
    value === null ? null : change(value);

const integral = (value: Apex): bigint => {
  if (typeof value === 'number') return BigInt(value);
  if (value instanceof ApexDouble) return BigInt(Math.trunc(value.value));
  return value instanceof Decimal ? value.toBigInt() : (value as bigint);
};

const CASTS: Record<string, (value: Apex) => Apex> = {
  integer: (value) => Number(BigInt.asIntN(32, integral(value))),
  long: (value) => BigInt.asIntN(64, integral(value)),
  double: (value) => new ApexDouble(value instanceof Decimal ? value.toNumber() : Number(integral(value))),
  decimal: (value) =>
    value instanceof ApexDouble ? Decimal.fromNumber(value.value) : Decimal.fromInteger(integral(value)),
};

export const conversion = {
  intToLong: convert((value: number) => BigInt(value)),
  intToDouble: convert((value: number) => new ApexDouble(value)),
  intToDecimal: convert((value: number) => Decimal.fromInteger(value)),
  longToInt: convert((value: bigint) => Number(BigInt.asIntN(32, value))),
  longToDouble: convert((value: bigint) => new ApexDouble(Number(value))),
  longToDecimal: convert((value: bigint) => Decimal.fromInteger(value)),
  doubleToDecimal: convert((value: ApexDouble) => Decimal.fromNumber(value.value)),
  decimalToDouble: convert((value: Decimal) => new ApexDouble(value.toNumber())),
  /** A day begins at midnight GMT. */
  dateToDatetime: convert((value: ApexDate) => new ApexDatetime(value.days * MS_PER_DAY)),
  /** `(Integer) aLong` and the like: cut down to the type. */
  numberCast: (value: Apex, type: TypeRef) => (value === null ? null : CASTS[type.toLowerCase()]!(value)),
} satisfies Record<string, NativeFunction>;
