/** System.List. */
import type { Apex, Runtime, StdFactory } from '../types.ts';
import {
  apexException,
  ApexList,
  checkElements,
  compareForSort,
  spend,
  hashOf,
  sameKey,
  SObject,
  toApexString,
} from '../values/index.ts';
import { present } from './shared/arguments.ts';
import { cloneRecord } from './shared/clone-record.ts';
import { elementsOf, NativeIterator } from './shared/iterate.ts';
import { sobjectTypeOf } from './shared/sobject-type.ts';

/** `new List<T>()`, of a collection's elements, or of a number of nulls. */
const create = ($: Runtime, [elementType = 'Object']: string[], source?: Apex): ApexList => {
  if (source === undefined) return new ApexList(elementType);
  if (typeof source === 'number') return new ApexList(elementType, nulls(source));
  return new ApexList(elementType, [...elementsOf($, present(source))]);
};

const nulls = (size: number): null[] => {
  if (size < 0) throw apexException('TypeException', `Invalid list size: ${size}`);
  checkElements(size);
  spend(size);
  return Array<null>(size).fill(null);
};

/** Where an equal element is, or -1; primitives are found by JavaScript itself. */
const position = (items: Apex[], value: Apex): number =>
  value === null || typeof value !== 'object' ? items.indexOf(value) : items.findIndex((item) => sameKey(item, value));

const add = (self: ApexList, first: Apex, second?: Apex): void => {
  if (second === undefined) self.add(first);
  else self.insert(first as number, second);
};

const sort = ($: Runtime, self: ApexList, comparator?: Apex): void => {
  const compare =
    comparator === undefined
      ? compareForSort
      : (a: Apex, b: Apex) => $.call(present(comparator), 'compare', [a, b]) as number;
  spend(self.items.length * Math.log2(self.items.length + 1));
  // Not in place: a comparator that fails halfway leaves the list as it was.
  self.items = sorted(self.items, compare);
};

/** Array.sort would put undefined values last by itself; Apex has none. */
const sorted = (items: Apex[], compare: (a: Apex, b: Apex) => number): Apex[] => items.toSorted(compare);

const factory: StdFactory = ($) => ({
  name: 'List',
  create: (types, source) => create($, types, source),
  m: {
    add,
    addall: (self: ApexList, values: Apex) => self.addAll(elementsOf($, present(values))),
    clear: (self: ApexList) => self.clear(),
    clone: (self: ApexList) => new ApexList(self.elementType, [...self.items]),
    contains: (self: ApexList, value: Apex) => position(self.items, value) >= 0,
    deepclone: (self: ApexList, ...options: (boolean | undefined)[]) =>
      new ApexList(
        self.elementType,
        self.items.map((item) => (item instanceof SObject ? cloneRecord($, item, true, options) : item)),
      ),
    equals: sameKey,
    get: (self: ApexList, index: number) => self.get(index),
    getsobjecttype: (self: ApexList) => sobjectTypeOf($, self.elementType),
    hashcode: hashOf,
    indexof: (self: ApexList, value: Apex) => position(self.items, value),
    isempty: (self: ApexList) => self.size === 0,
    iterator: (self: ApexList) => new NativeIterator(self.elementType, self.items),
    remove: (self: ApexList, index: number) => self.remove(index),
    set: (self: ApexList, index: number, value: Apex) => void self.set(index, value),
    size: (self: ApexList) => self.size,
    sort: (self: ApexList, comparator?: Apex) => sort($, self, comparator),
    tostring: toApexString,
  },
});

export default factory;
