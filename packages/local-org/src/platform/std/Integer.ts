/** System.Integer. */
import type { PlatformRuntime } from '../services.ts';
import type { Apex, StdFactory } from '../types.ts';
import { apexException } from '../values/index.ts';
import { integerOf, present } from './shared/arguments.ts';
import { formatNumber } from './shared/locale.ts';

const parse = (text: string): number => {
  const value = /^[+-]?\d{1,11}$/.test(text) ? Number(text) : NaN;
  if (!(value >= -(2 ** 31) && value < 2 ** 31)) throw apexException('TypeException', `Invalid integer: ${text}`);
  return value;
};

const factory: StdFactory = ($) => ({
  name: 'Integer',
  s: { valueof: (value: Apex) => (typeof present(value) === 'string' ? parse(value) : integerOf(value)) },
  m: { format: (self: number) => formatNumber($ as PlatformRuntime, String(self)) },
});

export default factory;
