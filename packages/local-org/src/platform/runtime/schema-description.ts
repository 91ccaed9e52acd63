import type { FieldDescription, ObjectDescription, SchemaDescription, TypeRef } from '../../compiler/types.ts';
import type { FieldSchema, FieldType, ObjectSchema, Schema } from '../../store/types.ts';

/** The Apex type of a field's values. */
const APEX_TYPES: Record<FieldType, TypeRef> = {
  id: 'Id',
  reference: 'Id',
  string: 'String',
  textarea: 'String',
  picklist: 'String',
  multipicklist: 'String',
  combobox: 'String',
  email: 'String',
  phone: 'String',
  url: 'String',
  encryptedstring: 'String',
  boolean: 'Boolean',
  int: 'Integer',
  double: 'Decimal',
  currency: 'Decimal',
  percent: 'Decimal',
  date: 'Date',
  datetime: 'Datetime',
  time: 'Time',
  base64: 'Blob',
  address: 'Address',
  anyType: 'Object',
};

/** What the compiler must know of the store's schema. */
export const describeSchema = (schema: Schema): SchemaDescription => ({
  objects: Object.fromEntries([...schema.objects].map(([key, object]) => [key, describeObject(object)])),
});

const describeObject = (object: ObjectSchema): ObjectDescription => ({
  name: object.name,
  fields: Object.fromEntries([...object.fields].map(([key, field]) => [key, describeField(field)])),
  childRelationships: Object.fromEntries(object.childRelationships),
});

const describeField = (field: FieldSchema): FieldDescription => ({
  name: field.name,
  type: APEX_TYPES[field.type],
  ...(field.relationshipName === undefined ? {} : { relationshipName: field.relationshipName }),
  ...(field.referenceTo === undefined ? {} : { referenceTo: field.referenceTo }),
});
