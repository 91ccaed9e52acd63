/** Decimal and Double arithmetic. */
import type { NativeFunction } from '../types.ts';
import { ApexDouble, Decimal } from '../values/index.ts';
import { nullPointer } from './null.ts';

const decimal = (compute: (a: Decimal, b: Decimal) => Decimal) => (a: Decimal | null, b: Decimal | null) =>
  a === null || b === null ? nullPointer() : compute(a, b);

const double = (compute: (a: number, b: number) => number) => (a: ApexDouble | null, b: ApexDouble | null) =>
  a === null || b === null ? nullPointer() : new ApexDouble(compute(a.value, b.value));

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
