/** Schema.DescribeSObjectResult. */
import type { PlatformRuntime } from '../../services.ts';
import type { StdFactory } from '../../types.ts';
import { ApexList, ApexMap } from '../../values/index.ts';
import { objectSchema } from '../shared/sobject-type.ts';
import { describeMembers, type Readers } from './readers.ts';
import { recordTypes } from './record-types.ts';
import { ChildRelationshipObject, FieldsOfObject, type ObjectDescribe, type RecordTypeInfoObject } from './results.ts';

const children = ($: PlatformRuntime, { schema }: ObjectDescribe): ApexList =>
  new ApexList(
    'Schema.ChildRelationship',
    Array.from(schema.childRelationships.values(), (link) => {
      const field = objectSchema($, link.object)?.fields.get(link.field.toLowerCase());
      return new ChildRelationshipObject({ ...link, cascadeDelete: field?.cascadeDelete ?? false });
    }),
  );

const byKey = (
  $: PlatformRuntime,
  self: ObjectDescribe,
  keyType: string,
  key: (info: RecordTypeInfoObject['info']) => string | null,
): ApexMap =>
  new ApexMap(
    keyType,
    'Schema.RecordTypeInfo',
    recordTypes($, self.schema).map((type) => [key(type.info), type]),
  );

const values = ($: PlatformRuntime): Readers => ({
  ChildRelationships: (self: ObjectDescribe) => children($, self),
  Fields: ({ schema }: ObjectDescribe) => new FieldsOfObject(schema),
  KeyPrefix: ({ schema }: ObjectDescribe) => schema.keyPrefix,
  Label: ({ schema }: ObjectDescribe) => schema.label,
  LabelPlural: ({ schema }: ObjectDescribe) => schema.labelPlural,
  LocalName: ({ schema }: ObjectDescribe) => schema.name,
  Name: ({ schema }: ObjectDescribe) => schema.name,
  RecordTypeInfos: ({ schema }: ObjectDescribe) => new ApexList('Schema.RecordTypeInfo', recordTypes($, schema)),
  RecordTypeInfosByDeveloperName: (self: ObjectDescribe) => byKey($, self, 'String', (info) => info.developerName),
  RecordTypeInfosById: (self: ObjectDescribe) => byKey($, self, 'Id', (info) => info.id),
  RecordTypeInfosByName: (self: ObjectDescribe) => byKey($, self, 'String', (info) => info.name),
  SObjectType: ({ schema }: ObjectDescribe) => $.sobjectType(schema.name),
});

const flags = ($: PlatformRuntime): Readers => {
  const may = (object: string, right: 'read' | 'create' | 'edit' | 'delete'): boolean =>
    $.services.may.object(object, right);
  return {
    Accessible: ({ schema }: ObjectDescribe) => may(schema.name, 'read'),
    Createable: ({ schema }: ObjectDescribe) => schema.createable && may(schema.name, 'create'),
    Updateable: ({ schema }: ObjectDescribe) => schema.updateable && may(schema.name, 'edit'),
    Deletable: ({ schema }: ObjectDescribe) => schema.deletable && may(schema.name, 'delete'),
    Undeletable: ({ schema }: ObjectDescribe) => schema.undeletable && may(schema.name, 'delete'),
    Custom: ({ schema }: ObjectDescribe) => /__(c|mdt|e)$/i.test(schema.name),
    CustomSetting: ({ schema }: ObjectDescribe) => schema.kind === 'customSetting',
    Mergeable: ({ schema }: ObjectDescribe) => schema.mergeable,
    Queryable: ({ schema }: ObjectDescribe) => schema.queryable,
  };
};

export const describeObject: StdFactory = ($) => ({
  name: 'Schema.DescribeSObjectResult',
  ...describeMembers(values($ as PlatformRuntime), flags($ as PlatformRuntime)),
});
