import type { FieldSchema, FieldType } from '../../types.ts';

/**
 * Types that GROUP BY takes (object reference, field properties). Custom Number fields are doubles and
 * so are not among them; neither is a formula or a date/time, which needs a date function.
 */
const GROUPABLE = new Set<FieldType>([
  'id',
  'string',
  'picklist',
  'boolean',
  'int',
  'date',
  'reference',
  'email',
  'phone',
  'url',
  'combobox',
  'textarea',
]);
const MAX_LENGTH = 255;

/** Whether describe says `groupable` of the field. */
export function isGroupable(field: FieldSchema): boolean {
  return (
    field.formula === undefined &&
    GROUPABLE.has(field.type) &&
    (field.type !== 'textarea' || (field.length ?? 0) <= MAX_LENGTH)
  );
}

/** Whether describe says `sortable`. */
export function isSortable(field: FieldSchema): boolean {
  const unsortable =
    field.type === 'multipicklist' ||
    field.type === 'base64' ||
    field.type === 'address' ||
    field.type === 'encryptedstring';
  return !unsortable && (field.type !== 'textarea' || (field.length ?? 0) <= MAX_LENGTH);
}

/** Whether describe says `filterable`. */
export function isFilterable(field: FieldSchema): boolean {
  return (
    field.type !== 'base64' &&
    field.type !== 'address' &&
    field.type !== 'encryptedstring' &&
    (field.type !== 'textarea' || (field.length ?? 0) <= MAX_LENGTH)
  );
}
