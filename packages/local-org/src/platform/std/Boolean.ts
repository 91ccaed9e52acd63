/** System.Boolean. */
import type { Apex, StdFactory } from '../types.ts';
import { apexException, toApexString } from '../values/index.ts';
import { present } from './shared/arguments.ts';

const valueOf = (value: Apex): boolean => {
  const given: Apex = present(value);
  if (typeof given === 'boolean') return given;
  if (typeof given === 'string') return given.toLowerCase() === 'true';
  throw apexException('TypeException', `Invalid boolean: ${toApexString(given)}`);
};

const factory: StdFactory = () => ({
  name: 'Boolean',
  s: { valueof: valueOf },
});

export default factory;
