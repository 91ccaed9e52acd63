import type { FieldDescription, ObjectDescription, SchemaDescription } from '../../compiler/types.ts';
import type { FieldSchema, ObjectSchema, Schema } from '../../store/types.ts';
import { apexTypeOf } from '../std/shared/field-values.ts';

/** What the compiler must know of the store's schema. */
export const describeSchema = (schema: Schema): SchemaDescription => ({
  objects: Object.fromEntries(
    [...schema.objects]
      .filter(([, object]) => object.toolingOnly !== true)
      .map(([key, object]) => [key, describeObject(object)]),
  ),
});

const describeObject = (object: ObjectSchema): ObjectDescription => ({
  name: object.name,
  fields: Object.fromEntries([...object.fields].map(([key, field]) => [key, describeField(field)])),
  childRelationships: Object.fromEntries(object.childRelationships),
});

const describeField = (field: FieldSchema): FieldDescription => ({
  name: field.name,
  type: apexTypeOf(field),
  // of standard fields the catalogue does not tell all that may be assigned
  ...((field.custom && field.calculated) || field.type === 'address' ? { calculated: true } : {}),
  ...(field.relationshipName === undefined ? {} : { relationshipName: field.relationshipName }),
  ...(field.referenceTo === undefined ? {} : { referenceTo: field.referenceTo }),
});
