/** System.Map. */
import type { Apex, StdFactory } from '../types.ts';
import { ApexList, ApexMap, apexException, hashOf, sameKey, SObject, toApexString } from '../values/index.ts';
import { present } from './shared/arguments.ts';
import { cloneRecord } from './shared/clone-record.ts';
import { sobjectTypeOf } from './shared/sobject-type.ts';

/** Records by their ids. */
const byId = (records: Iterable<SObject>): [string, SObject][] => {
  const seen = new Set<string>();
  return Array.from(records, (record, index) => {
    const id = present(record).id;
    if (id === null) throw apexException('ListException', `Row with null Id at index: ${index}`);
    if (seen.has(id)) throw apexException('ListException', `Row with duplicate Id at index: ${index}`);
    seen.add(id);
    return [id, record];
  });
};

const entriesOf = (source: Apex): Iterable<[Apex, Apex]> =>
  present(source) instanceof ApexMap ? (source as ApexMap).entries() : byId(source as Iterable<SObject>);

const factory: StdFactory = ($) => ({
  name: 'Map',
  create: ([keyType = 'Object', valueType = 'Object'], source?: Apex) =>
    new ApexMap(keyType, valueType, source === undefined ? [] : entriesOf(source)),
  m: {
    clear: (self: ApexMap) => self.clear(),
    clone: (self: ApexMap) => new ApexMap(self.keyType, self.valueType, self.entries()),
    containskey: (self: ApexMap, key: Apex) => self.has(key),
    deepclone: (self: ApexMap) =>
      new ApexMap(
        self.keyType,
        self.valueType,
        self
          .entries()
          .map(([key, value]) => [
            key,
            value instanceof SObject ? cloneRecord($, value, true, [true, true, true]) : value,
          ]),
      ),
    equals: sameKey,
    get: (self: ApexMap, key: Apex) => self.get(key),
    getsobjecttype: (self: ApexMap) => sobjectTypeOf($, self.valueType),
    hashcode: hashOf,
    isempty: (self: ApexMap) => self.size === 0,
    keyset: (self: ApexMap) => self.keySet(),
    put: (self: ApexMap, key: Apex, value: Apex) => self.put(key, value),
    putall: (self: ApexMap, source: Apex) => {
      for (const [key, value] of entriesOf(source)) self.put(key, value);
    },
    remove: (self: ApexMap, key: Apex) => self.remove(key),
    size: (self: ApexMap) => self.size,
    tostring: toApexString,
    values: (self: ApexMap) => new ApexList(self.valueType, self.values()),
  },
});

export default factory;
