/** System.Security and SObjectAccessDecision. */
import type { PlatformRuntime } from '../services.ts';
import type { StdFactory } from '../types.ts';
import { type ApexEnum, ApexList, ApexMap, ApexSet, NativeObject, type SObject } from '../values/index.ts';
import { present } from './shared/arguments.ts';
import { type AccessTypeName, Stripper } from './shared/strip-inaccessible.ts';

class AccessDecision extends NativeObject {
  readonly records: ApexList;
  readonly removedFields: ApexMap;
  readonly modifiedIndexes: ApexSet;

  constructor(records: ApexList, removedFields: ApexMap, modifiedIndexes: ApexSet) {
    super('SObjectAccessDecision');
    this.records = records;
    this.removedFields = removedFields;
    this.modifiedIndexes = modifiedIndexes;
  }
}

const strip = ($: PlatformRuntime, access: ApexEnum, records: ApexList, enforceObject: boolean): AccessDecision => {
  const stripper = new Stripper($, access.name as AccessTypeName);
  const items = records.items as SObject[];
  if (enforceObject) for (const object of new Set(items.map((record) => record.type))) stripper.checkObject(object);
  const results = items.map((record) => stripper.strip(present(record)));
  const modified = results.flatMap((result, index) => (result.modified ? [index] : []));
  return new AccessDecision(
    new ApexList(
      records.elementType,
      results.map((result) => result.copy),
    ),
    new ApexMap(
      'String',
      'Set<String>',
      Array.from(stripper.removed, ([object, fields]) => [object, new ApexSet('String', fields)] as const),
    ),
    new ApexSet('Integer', modified),
  );
};

const security: StdFactory = ($) => ({
  name: 'Security',
  s: {
    stripinaccessible: (
      access: ApexEnum | null,
      records: ApexList | null,
      enforceObject: boolean | string | null = true,
    ) => strip($ as PlatformRuntime, present(access), present(records), enforceObject !== false),
  },
});

const decision: StdFactory = () => ({
  name: 'SObjectAccessDecision',
  m: {
    getrecords: (self: AccessDecision) => self.records,
    getremovedfields: (self: AccessDecision) => self.removedFields,
    getmodifiedindexes: (self: AccessDecision) => self.modifiedIndexes,
  },
});

/** Keyed by lower-cased catalogue name. */
export const securityTypes: Record<string, StdFactory> = { security, sobjectaccessdecision: decision };
