/** The Schema namespace: global describe, tokens, and describe results. */
import type { PlatformRuntime } from '../services.ts';
import type { Apex, StdFactory } from '../types.ts';
import {
  ApexList,
  apexException,
  type SObject,
  type SObjectFieldToken,
  type SObjectTypeToken,
} from '../values/index.ts';
import { CaseInsensitiveMap } from './schema/case-insensitive-map.ts';
import { describeField } from './schema/describe-field.ts';
import { describeObject } from './schema/describe-object.ts';
import { describeMembers } from './schema/readers.ts';
import {
  type ChildRelationshipObject,
  FieldDescribe,
  type FieldsOfObject,
  ObjectDescribe,
  type PicklistEntryObject,
  type RecordTypeInfoObject,
} from './schema/results.ts';
import { idOf } from './Id.ts';
import { present } from './shared/arguments.ts';
import { objectSchema } from './shared/sobject-type.ts';

const describe = ($: PlatformRuntime, object: string): ObjectDescribe => {
  const schema = objectSchema($, object);
  if (!schema) throw apexException('InvalidParameterValueException', `Invalid sobject name: ${object}`);
  return new ObjectDescribe(schema);
};

const schema: StdFactory = (runtime) => {
  const $ = runtime as PlatformRuntime;
  return {
    name: 'Schema',
    s: {
      getglobaldescribe: () =>
        new CaseInsensitiveMap(
          'Schema.SObjectType',
          [...$.services.schema().objects.values()]
            .filter((object) => object.toolingOnly !== true)
            .map(({ name }) => [name, $.sobjectType(name)] as const),
        ),
      describesobjects: (names: ApexList | null) =>
        new ApexList(
          'Schema.DescribeSObjectResult',
          (present(names).items as string[]).map((name) => describe($, present(name))),
        ),
    },
  };
};

const sobjectType: StdFactory = (runtime) => {
  const $ = runtime as PlatformRuntime;
  return {
    name: 'Schema.SObjectType',
    m: {
      getdescribe: (self: SObjectTypeToken) => describe($, self.object),
      newsobject: (self: SObjectTypeToken, id?: string | null, defaults?: boolean) => {
        const record = $.newSObject(self.object) as SObject;
        if (id !== undefined && id !== null) record.put('Id', idOf(id));
        if (defaults === true) loadDefaults($, record);
        return record;
      },
    },
  };
};

/** Default values of fields, as `newSObject(id, true)` fills them in. */
const loadDefaults = ($: PlatformRuntime, record: SObject): void => {
  for (const field of objectSchema($, record.type)?.fields.values() ?? []) {
    const value = field.defaultValue ?? field.picklist?.find((entry) => entry.default)?.value ?? null;
    if (value !== null && field.createable && typeof value !== 'number') record.put(field.name, value);
  }
};

const sobjectField: StdFactory = (runtime) => {
  const $ = runtime as PlatformRuntime;
  return {
    name: 'Schema.SObjectField',
    m: {
      getdescribe: (self: SObjectFieldToken) => {
        const object = objectSchema($, self.object);
        const field = object?.fields.get(self.field.toLowerCase());
        if (!object || !field)
          throw apexException('SObjectException', `Invalid field ${self.field} for ${self.object}`);
        return new FieldDescribe(object, field);
      },
    },
  };
};

const fields: StdFactory = ($) => ({
  name: 'Schema.SObjectTypeFields',
  m: {
    getmap: (self: FieldsOfObject) =>
      new CaseInsensitiveMap(
        'Schema.SObjectField',
        Array.from(self.schema.fields.values(), ({ name }) => [name, $.sobjectField(self.schema.name, name)] as const),
      ),
  },
});

const picklistEntry: StdFactory = () => ({
  name: 'Schema.PicklistEntry',
  ...describeMembers(
    { Label: ({ entry }: PicklistEntryObject) => entry.label, Value: ({ entry }: PicklistEntryObject) => entry.value },
    {
      Active: ({ entry }: PicklistEntryObject) => entry.active !== false,
      DefaultValue: ({ entry }: PicklistEntryObject) => entry.default === true,
    },
  ),
});

const childRelationship: StdFactory = ($) => ({
  name: 'Schema.ChildRelationship',
  ...describeMembers(
    {
      ChildSObject: ({ link }: ChildRelationshipObject): Apex => $.sobjectType(link.object),
      Field: ({ link }: ChildRelationshipObject): Apex => $.sobjectField(link.object, link.field),
      RelationshipName: ({ link }: ChildRelationshipObject) => link.name,
    },
    { CascadeDelete: ({ link }: ChildRelationshipObject) => link.cascadeDelete },
  ),
});

const recordTypeInfo: StdFactory = () => ({
  name: 'Schema.RecordTypeInfo',
  ...describeMembers(
    {
      DeveloperName: ({ info }: RecordTypeInfoObject) => info.developerName,
      Name: ({ info }: RecordTypeInfoObject) => info.name,
      RecordTypeId: ({ info }: RecordTypeInfoObject) => info.id,
    },
    {
      Active: ({ info }: RecordTypeInfoObject) => info.active,
      Available: ({ info }: RecordTypeInfoObject) => info.active,
      DefaultRecordTypeMapping: ({ info }: RecordTypeInfoObject) => info.default,
      Master: ({ info }: RecordTypeInfoObject) => info.master,
    },
  ),
});

/** Keyed by lower-cased catalogue name. */
export const schemaTypes: Record<string, StdFactory> = {
  schema,
  'schema.sobjecttype': sobjectType,
  'schema.sobjectfield': sobjectField,
  'schema.sobjecttypefields': fields,
  'schema.describesobjectresult': describeObject,
  'schema.describefieldresult': describeField,
  'schema.picklistentry': picklistEntry,
  'schema.childrelationship': childRelationship,
  'schema.recordtypeinfo': recordTypeInfo,
};
