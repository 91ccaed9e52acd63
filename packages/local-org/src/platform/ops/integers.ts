/** Integer: 32 bits, wrapping round. */
import type { NativeFunction } from '../types.ts';
import { apexException } from '../values/index.ts';
import { nullPointer } from './null.ts';

type Nullable = number | null;

export const divideByZero = (): never => {
  throw apexException('MathException', 'Divide by 0');
};

export const integers = {
  addInt: (a: Nullable, b: Nullable) => (a === null || b === null ? nullPointer() : (a + b) | 0),
  subInt: (a: Nullable, b: Nullable) => (a === null || b === null ? nullPointer() : (a - b) | 0),
  mulInt: (a: Nullable, b: Nullable) => (a === null || b === null ? nullPointer() : Math.imul(a, b)),
  divInt: (a: Nullable, b: Nullable) =>
    a === null || b === null ? nullPointer() : b === 0 ? divideByZero() : (a / b) | 0,
  negInt: (a: Nullable) => (a === null ? nullPointer() : -a | 0),
  andInt: (a: Nullable, b: Nullable) => (a === null || b === null ? nullPointer() : a & b),
  orInt: (a: Nullable, b: Nullable) => (a === null || b === null ? nullPointer() : a | b),
  xorInt: (a: Nullable, b: Nullable) => (a === null || b === null ? nullPointer() : a ^ b),
  notInt: (a: Nullable) => (a === null ? nullPointer() : ~a),
  shlInt: (a: Nullable, b: Nullable) => (a === null || b === null ? nullPointer() : a << b),
  shrInt: (a: Nullable, b: Nullable) => (a === null || b === null ? nullPointer() : a >> b),
  ushrInt: (a: Nullable, b: Nullable) => (a === null || b === null ? nullPointer() : (a >>> b) | 0),
} satisfies Record<string, NativeFunction>;
