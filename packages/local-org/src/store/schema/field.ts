import type { FieldSchema, FieldType } from '../types.ts';

/** A field with Salesforce's defaults for everything that `given` leaves out. */
export function field(given: Partial<FieldSchema> & { name: string; label: string; type: FieldType }): FieldSchema {
  return {
    custom: false,
    required: false,
    unique: false,
    caseSensitive: false,
    externalId: false,
    idLookup: false,
    createable: true,
    updateable: true,
    calculated: false,
    nameField: false,
    ...given,
  };
}

const ID_LENGTH = 18;

/** A lookup field. */
export function lookup(
  name: string,
  label: string,
  referenceTo: string[],
  relationshipName: string,
  more: Partial<FieldSchema> = {},
): FieldSchema {
  return field({ name, label, type: 'reference', length: ID_LENGTH, referenceTo, relationshipName, ...more });
}

const READ_ONLY = { createable: false, updateable: false };

export const idField = (): FieldSchema =>
  field({
    name: 'Id',
    label: 'Record ID',
    type: 'id',
    length: ID_LENGTH,
    required: true,
    idLookup: true,
    ...READ_ONLY,
  });

export const systemModstamp = (): FieldSchema =>
  field({ name: 'SystemModstamp', label: 'System Modstamp', type: 'datetime', required: true, ...READ_ONLY });

/** CreatedDate, CreatedById, LastModifiedDate, LastModifiedById and SystemModstamp. */
export function auditFields(): FieldSchema[] {
  return [
    field({ name: 'CreatedDate', label: 'Created Date', type: 'datetime', required: true, ...READ_ONLY }),
    lookup('CreatedById', 'Created By ID', ['User'], 'CreatedBy', { required: true, ...READ_ONLY }),
    field({ name: 'LastModifiedDate', label: 'Last Modified Date', type: 'datetime', required: true, ...READ_ONLY }),
    lookup('LastModifiedById', 'Last Modified By ID', ['User'], 'LastModifiedBy', { required: true, ...READ_ONLY }),
    systemModstamp(),
  ];
}

export const isDeletedField = (): FieldSchema =>
  field({ name: 'IsDeleted', label: 'Deleted', type: 'boolean', defaultValue: false, ...READ_ONLY });

/** Keys fields by lower-cased name, in order. */
export const fieldMap = (fields: FieldSchema[]): Map<string, FieldSchema> =>
  new Map(fields.map((each) => [each.name.toLowerCase(), each]));
