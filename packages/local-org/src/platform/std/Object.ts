/** Object: what every value can do. */
import type { Apex, StdFactory } from '../types.ts';
import { hashOf, sameKey, toApexString } from '../values/index.ts';

const factory: StdFactory = () => ({
  name: 'Object',
  m: {
    equals: (self: Apex, other: Apex) => sameKey(self, other),
    hashcode: hashOf,
    tostring: toApexString,
  },
});

export default factory;
