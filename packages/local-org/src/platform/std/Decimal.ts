/** System.Decimal. */
import type { PlatformRuntime } from '../services.ts';
import type { Apex, StdFactory } from '../types.ts';
import { ApexDouble, type ApexEnum, apexException, Decimal, type RoundingModeName } from '../values/index.ts';
import { decimalOf, integerOf, longOf, present } from './shared/arguments.ts';
import { formatNumber } from './shared/locale.ts';

/** Decimal.setScale takes scales in this range. */
const MAX_SCALE = 33;
/** Decimal.pow takes exponents from 0 to this. */
const MAX_EXPONENT = 32_767;

const parse = (text: string): Decimal => {
  const decimal = Decimal.parse(text);
  if (decimal === null) throw apexException('TypeException', `Invalid decimal: ${text}`);
  return decimal;
};

const mode = (value: ApexEnum | undefined): RoundingModeName =>
  value === undefined ? 'HALF_EVEN' : (present(value).name as RoundingModeName);

const scaled = (scale: number | null): number => {
  if (present(scale) > MAX_SCALE || scale! < -MAX_SCALE)
    throw apexException('InvalidParameterValueException', `Scale must be between -33 and 33: ${scale}`);
  return scale!;
};

const factory: StdFactory = ($) => ({
  name: 'Decimal',
  s: { valueof: (value: Apex) => (typeof present(value) === 'string' ? parse(value) : decimalOf(value)) },
  m: {
    abs: (self: Decimal) => self.abs(),
    divide: (self: Decimal, divisor: Apex, scale: number, rounding?: ApexEnum) =>
      self.divide(decimalOf(divisor), scaled(scale), mode(rounding)),
    doublevalue: (self: Decimal) => new ApexDouble(self.toNumber()),
    format: (self: Decimal) => formatNumber($ as PlatformRuntime, self.toPlainString()),
    intvalue: integerOf,
    longvalue: longOf,
    pow: (self: Decimal, exponent: number) => {
      if (present(exponent) < 0 || exponent > MAX_EXPONENT)
        throw apexException('MathException', 'Exponent must be between 0 and 32767');
      return self.pow(exponent);
    },
    precision: (self: Decimal) => self.precision(),
    round: (self: Decimal, rounding?: ApexEnum) => BigInt.asIntN(64, self.round(mode(rounding))),
    scale: (self: Decimal) => self.scale,
    setscale: (self: Decimal, scale: number, rounding?: ApexEnum) => self.setScale(scaled(scale), mode(rounding)),
    striptrailingzeros: (self: Decimal) => self.stripTrailingZeros(),
    toplainstring: (self: Decimal) => self.toPlainString(),
  },
});

export default factory;
