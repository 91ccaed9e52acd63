/** System.SObject: dynamic access to records. */
import type { FieldSchema } from '../../store/types.ts';
import type { PlatformRuntime } from '../services.ts';
import type { Apex, NativeFunction, Runtime, StdFactory } from '../types.ts';
import type { ApexMap, SObject } from '../values/index.ts';
import { ApexException, ApexList, apexException, SObjectFieldToken } from '../values/index.ts';
import { lowered } from '../values/lowered.ts';
import { present } from './shared/arguments.ts';
import { cloneRecord } from './shared/clone-record.ts';
import { customRecordStatics } from './shared/custom-records.ts';
import { databaseError } from './shared/database-error.ts';
import { forField } from './shared/field-values.ts';
import { objectSchema } from './shared/sobject-type.ts';

const nameOf = (field: Apex): string =>
  present(field) instanceof SObjectFieldToken ? (field as SObjectFieldToken).field : (field as string);

const invalidField = (self: SObject, name: string): Error =>
  apexException('SObjectException', `Invalid field ${name} for ${self.type}`) as unknown as Error;

/** The schema of the field, or null for an alias of an aggregate. */
const fieldOf = ($: Runtime, self: SObject, name: string): FieldSchema | null => {
  const field = objectSchema($, self.type)?.fields.get(lowered(name));
  if (field) return field;
  if (self.type === 'AggregateResult' && self.has(name)) return null;
  throw invalidField(self, name);
};

const put = ($: Runtime, self: SObject, field: Apex, value: Apex): Apex => {
  const schema = fieldOf($, self, nameOf(field));
  if (schema === null || schema.type === 'address')
    throw apexException('SObjectException', `Field is not editable: ${nameOf(field)}`);
  const previous: Apex = self.peek(schema.name);
  self.put(schema.name, forField(schema, value));
  return previous;
};

/** The lookup a relationship name or a lookup field stands for. */
const relationship = ($: Runtime, self: SObject, field: Apex): string => {
  const wanted = nameOf(field).toLowerCase();
  for (const schema of objectSchema($, self.type)?.fields.values() ?? []) {
    if (
      schema.relationshipName &&
      (schema.relationshipName.toLowerCase() === wanted || schema.name.toLowerCase() === wanted)
    ) {
      return schema.relationshipName;
    }
  }
  throw apexException('SObjectException', `Invalid relationship ${nameOf(field)} for ${self.type}`);
};

const children = ($: Runtime, self: SObject, name: Apex): ApexList | null => {
  const child = objectSchema($, self.type)?.childRelationships.get(nameOf(name).toLowerCase());
  if (!child) throw apexException('SObjectException', `Invalid relationship ${nameOf(name)} for ${self.type}`);
  return self.childRecords(child.name);
};

/** (message), (message, escape), (exception, …), (field, message, …) */
const addError = (self: SObject, first: Apex, second?: Apex): void => {
  const message = (value: Apex): string => (value instanceof ApexException ? value.text() : String(present(value)));
  if (second === undefined || typeof second === 'boolean') self.addError(message(first));
  else self.addError(message(second), nameOf(first));
};

const populated = ($: Runtime, self: SObject): ApexMap => {
  return $.newMap('String', 'Object', [
    ...self.populated(),
    ...self.parents().filter(([, parent]) => parent !== null),
    ...self.children(),
  ]) as ApexMap;
};

const isSet = ($: Runtime, self: SObject, field: Apex): boolean => {
  const schema = fieldOf($, self, nameOf(field));
  return self.has(schema?.name ?? nameOf(field));
};

const errors = ($: PlatformRuntime, self: SObject): ApexList =>
  new ApexList(
    'Database.Error',
    self.errors.map(({ message, field }) =>
      databaseError($, { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message, fields: field === null ? [] : [field] }),
    ),
  );

/** Methods of records of every type, AggregateResult included. */
const recordMethods = ($: Runtime): Record<string, NativeFunction> => ({
  adderror: addError,
  clear: (self: SObject) => self.clear(),
  clone: (self: SObject, id?: boolean, deep?: boolean, audit?: boolean, autoNumber?: boolean) =>
    cloneRecord($, self, deep ?? false, [id, audit, autoNumber]),
  get: (self: SObject, field: Apex) => self.get(fieldOf($, self, nameOf(field))?.name ?? nameOf(field)),
  getclonesourceid: (self: SObject) => self.cloneSourceId,
  geterrors: (self: SObject) => errors($ as PlatformRuntime, self),
  getoptions: (self: SObject): Apex => self.options,
  getpopulatedfieldsasmap: (self: SObject) => populated($, self),
  getsobject: (self: SObject, field: Apex) => self.parent(relationship($, self, field)),
  getsobjects: (self: SObject, name: Apex) => children($, self, name),
  getsobjecttype: (self: SObject) => $.sobjectType(self.type),
  haserrors: (self: SObject) => self.errors.length > 0,
  isclone: (self: SObject) => self.isClone,
  isset: (self: SObject, field: Apex) => isSet($, self, field),
  put: (self: SObject, field: Apex, value: Apex) => put($, self, field, value),
  putsobject: (self: SObject, field: Apex, value: SObject | null) => {
    const name = relationship($, self, field);
    const previous = self.hasParent(name) ? self.parent(name) : null;
    self.putParent(name, value);
    return previous;
  },
  setoptions: (self: SObject, options: Apex) => void (self.options = options),
});

const factory: StdFactory = ($) => ({
  name: 'SObject',
  s: customRecordStatics($ as PlatformRuntime),
  m: recordMethods($),
  p: {
    id: { get: (self: SObject): Apex => self.get('Id'), set: (self: SObject, value: Apex) => self.put('Id', value) },
  },
});

export default factory;
