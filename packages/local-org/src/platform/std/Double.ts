/** System.Double. */
import type { PlatformRuntime } from '../services.ts';
import type { Apex, StdFactory } from '../types.ts';
import { apexException, ApexDouble, Decimal } from '../values/index.ts';
import { integerOf, longOf, numberOf, present } from './shared/arguments.ts';
import { formatNumber } from './shared/locale.ts';

const parse = (text: string): ApexDouble => {
  const decimal = Decimal.parse(text);
  if (decimal === null) throw apexException('TypeException', `Invalid double: ${text}`);
  return new ApexDouble(Number(text));
};

const factory: StdFactory = ($) => ({
  name: 'Double',
  s: {
    valueof: (value: Apex) => (typeof present(value) === 'string' ? parse(value) : new ApexDouble(numberOf(value))),
  },
  m: {
    format: (self: ApexDouble) => formatNumber($ as PlatformRuntime, String(self.value)),
    intvalue: integerOf,
    longvalue: longOf,
    round: (self: ApexDouble) => Decimal.fromNumber(self.value).round('HALF_UP'),
  },
});

export default factory;
