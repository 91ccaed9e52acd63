/** System.Long. */
import type { PlatformRuntime } from '../services.ts';
import type { Apex, StdFactory } from '../types.ts';
import { apexException } from '../values/index.ts';
import { integerOf, longOf, present } from './shared/arguments.ts';
import { formatNumber } from './shared/locale.ts';

const parse = (text: string): bigint => {
  const value = /^[+-]?\d{1,19}$/.test(text) ? BigInt(text.replace('+', '')) : null;
  if (value === null || BigInt.asIntN(64, value) !== value)
    throw apexException('TypeException', `Invalid long: ${text}`);
  return value;
};

const factory: StdFactory = ($) => ({
  name: 'Long',
  s: { valueof: (value: Apex) => (typeof present(value) === 'string' ? parse(value) : longOf(value)) },
  m: {
    format: (self: bigint) => formatNumber($ as PlatformRuntime, String(self)),
    intvalue: integerOf,
  },
});

export default factory;
