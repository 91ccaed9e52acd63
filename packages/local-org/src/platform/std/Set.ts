/** System.Set. */
import type { Apex, Runtime, StdFactory } from '../types.ts';
import { ApexSet, hashOf, sameKey, toApexString } from '../values/index.ts';
import { present } from './shared/arguments.ts';
import { elementsOf, NativeIterator } from './shared/iterate.ts';

/** Applies a change to each value; true when any of them changed the set. */
const each = (values: Iterable<Apex>, change: (value: Apex) => boolean): boolean => {
  let changed = false;
  for (const value of values) changed = change(value) || changed;
  return changed;
};

const retain = ($: Runtime, self: ApexSet, values: Apex): boolean => {
  const keep = new ApexSet(self.elementType, elementsOf($, present(values)));
  return each(
    self.values().filter((value) => !keep.has(value)),
    (value) => self.remove(value),
  );
};

const factory: StdFactory = ($) => ({
  name: 'Set',
  create: ([elementType = 'Object'], source?: Apex) =>
    new ApexSet(elementType, source === undefined ? [] : elementsOf($, present(source))),
  m: {
    add: (self: ApexSet, value: Apex) => self.add(value),
    addall: (self: ApexSet, values: Apex) => each([...elementsOf($, present(values))], (value) => self.add(value)),
    clear: (self: ApexSet) => self.clear(),
    clone: (self: ApexSet) => new ApexSet(self.elementType, self.values()),
    contains: (self: ApexSet, value: Apex) => self.has(value),
    containsall: (self: ApexSet, values: Apex) => elementsOf($, present(values)).every((value) => self.has(value)),
    equals: sameKey,
    hashcode: hashOf,
    isempty: (self: ApexSet) => self.size === 0,
    iterator: (self: ApexSet) => new NativeIterator(self.elementType, self.values()),
    remove: (self: ApexSet, value: Apex) => self.remove(value),
    removeall: (self: ApexSet, values: Apex) =>
      each([...elementsOf($, present(values))], (value) => self.remove(value)),
    retainall: (self: ApexSet, values: Apex) => retain($, self, values),
    size: (self: ApexSet) => self.size,
    tostring: toApexString,
  },
});

export default factory;
