/** Arithmetic of Integer, Long, Double and Decimal. */
import type { NativeFunction } from '../types.ts';
import { apexException, ApexDouble, Decimal } from '../values/index.ts';
import { nullPointer } from './null.ts';

type NullableInteger = number | null;

/** Integer: 32 bits, wrapping round. */
export const divideByZero = (): never => {
  throw apexException('MathException', 'Divide by 0');
};

export const integers = {
  addInt: (a: NullableInteger, b: NullableInteger) => (a === null || b === null ? nullPointer() : (a + b) | 0),
  subInt: (a: NullableInteger, b: NullableInteger) => (a === null || b === null ? nullPointer() : (a - b) | 0),
  mulInt: (a: NullableInteger, b: NullableInteger) => (a === null || b === null ? nullPointer() : Math.imul(a, b)),
  divInt: (a: NullableInteger, b: NullableInteger) =>
    a === null || b === null ? nullPointer() : b === 0 ? divideByZero() : (a / b) | 0,
  negInt: (a: NullableInteger) => (a === null ? nullPointer() : -a | 0),
  andInt: (a: NullableInteger, b: NullableInteger) => (a === null || b === null ? nullPointer() : a & b),
  orInt: (a: NullableInteger, b: NullableInteger) => (a === null || b === null ? nullPointer() : a | b),
  xorInt: (a: NullableInteger, b: NullableInteger) => (a === null || b === null ? nullPointer() : a ^ b),
  notInt: (a: NullableInteger) => (a === null ? nullPointer() : ~a),
  shlInt: (a: NullableInteger, b: NullableInteger) => (a === null || b === null ? nullPointer() : a << b),
  shrInt: (a: NullableInteger, b: NullableInteger) => (a === null || b === null ? nullPointer() : a >> b),
  ushrInt: (a: NullableInteger, b: NullableInteger) => (a === null || b === null ? nullPointer() : (a >>> b) | 0),
} satisfies Record<string, NativeFunction>;

type NullableLong = bigint | null;

const LONG_BITS = 64;
/** A shift by more than 63 bits starts again at 0. */
const SHIFT_MASK = 63;

const wrap = (value: bigint): bigint => BigInt.asIntN(LONG_BITS, value);

const binary = (compute: (a: bigint, b: bigint) => bigint) => (a: NullableLong, b: NullableLong) =>
  a === null || b === null ? nullPointer() : wrap(compute(a, b));

const shift = (compute: (a: bigint, bits: bigint) => bigint) => (a: NullableLong, b: number | null) =>
  a === null || b === null ? nullPointer() : wrap(compute(a, BigInt(b & SHIFT_MASK)));

/** Long: 64 bits, wrapping round. */
export const longs = {
  addLong: binary((a, b) => a + b),
  subLong: binary((a, b) => a - b),
  mulLong: binary((a, b) => a * b),
  divLong: binary((a, b) => (b === 0n ? divideByZero() : a / b)),
  negLong: (a: NullableLong) => (a === null ? nullPointer() : wrap(-a)),
  andLong: binary((a, b) => a & b),
  orLong: binary((a, b) => a | b),
  xorLong: binary((a, b) => a ^ b),
  notLong: (a: NullableLong) => (a === null ? nullPointer() : ~a),
  shlLong: shift((a, bits) => a << bits),
  shrLong: shift((a, bits) => a >> bits),
  ushrLong: shift((a, bits) => BigInt.asUintN(LONG_BITS, a) >> bits),
} satisfies Record<string, NativeFunction>;

const decimal = (compute: (a: Decimal, b: Decimal) => Decimal) => (a: Decimal | null, b: Decimal | null) =>
  a === null || b === null ? nullPointer() : compute(a, b);

const double = (compute: (a: number, b: number) => number) => (a: ApexDouble | null, b: ApexDouble | null) =>
  a === null || b === null ? nullPointer() : new ApexDouble(compute(a.value, b.value));

/** Decimal and Double arithmetic. */
export const decimals = {
  addDecimal: decimal((a, b) => a.add(b)),
  subDecimal: decimal((a, b) => a.subtract(b)),
  mulDecimal: decimal((a, b) => a.multiply(b)),
  divDecimal: decimal((a, b) => a.over(b)),
  negDecimal: (a: Decimal | null) => (a === null ? nullPointer() : a.negate()),
  addDouble: double((a, b) => a + b),
  subDouble: double((a, b) => a - b),
  mulDouble: double((a, b) => a * b),
  divDouble: double((a, b) => a / b),
  negDouble: (a: ApexDouble | null) => (a === null ? nullPointer() : new ApexDouble(-a.value)),
  /** Literals: made once per module. */
  decimal: (text: string) => Decimal.parse(text),
  double: (text: string) => new ApexDouble(Number(text)),
} satisfies Record<string, NativeFunction>;
