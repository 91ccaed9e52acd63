/** Long: 64 bits, wrapping round. */
import type { NativeFunction } from '../types.ts';
import { divideByZero } from './integers.ts';
import { nullPointer } from './null.ts';

type Nullable = bigint | null;

const LONG_BITS = 64;
/** A shift by more than 63 bits starts again at 0. */
const SHIFT_MASK = 63;

const wrap = (value: bigint): bigint => BigInt.asIntN(LONG_BITS, value);

const binary = (compute: (a: bigint, b: bigint) => bigint) => (a: Nullable, b: Nullable) =>
  a === null || b === null ? nullPointer() : wrap(compute(a, b));

const shift = (compute: (a: bigint, bits: bigint) => bigint) => (a: Nullable, b: number | null) =>
  a === null || b === null ? nullPointer() : wrap(compute(a, BigInt(b & SHIFT_MASK)));

export const longs = {
  addLong: binary((a, b) => a + b),
  subLong: binary((a, b) => a - b),
  mulLong: binary((a, b) => a * b),
  divLong: binary((a, b) => (b === 0n ? divideByZero() : a / b)),
  negLong: (a: Nullable) => (a === null ? nullPointer() : wrap(-a)),
  andLong: binary((a, b) => a & b),
  orLong: binary((a, b) => a | b),
  xorLong: binary((a, b) => a ^ b),
  notLong: (a: Nullable) => (a === null ? nullPointer() : ~a),
  shlLong: shift((a, bits) => a << bits),
  shrLong: shift((a, bits) => a >> bits),
  ushrLong: shift((a, bits) => BigInt.asUintN(LONG_BITS, a) >> bits),
} satisfies Record<string, NativeFunction>;
