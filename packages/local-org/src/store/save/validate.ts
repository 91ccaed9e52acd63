import type { FieldSchema, SaveError, Value } from '../types.ts';
import type { SaveContext } from './context.ts';
import { isChanged, saveError, valueOf, type Entry } from './entry.ts';

const NUMERIC = new Set(['double', 'currency', 'percent']);
const TEXT = new Set([
  'string',
  'textarea',
  'email',
  'phone',
  'url',
  'combobox',
  'encryptedstring',
  'picklist',
  'multipicklist',
]);
/** Local part, @, labels with at least one dot; nothing outside ASCII printables without white space. */
const EMAIL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/;
const MAX_INT = 2 ** 31 - 1;

/** Step: Salesforce's own checks of each value that is new: required, length, range, format, picklist. */
export function validateValues(context: SaveContext, entries: Entry[]): void {
  for (const entry of entries) {
    const missing: string[] = [];
    for (const field of context.shape.stored) {
      if (!isChanged(entry, field.name)) continue;
      const value = valueOf(entry, field.name);
      if (value === null) {
        if (isMandatory(field)) missing.push(field.name);
      } else {
        const error = valueError(field, value);
        if (error !== null) entry.errors.push(error);
      }
    }
    if (missing.length > 0)
      entry.errors.unshift(
        saveError('REQUIRED_FIELD_MISSING', `Required fields are missing: [${missing.join(', ')}]`, missing),
      );
  }
}

/** System fields are filled by the platform, checkboxes are never empty. */
const isMandatory = (field: FieldSchema): boolean =>
  field.required && field.createable && field.type !== 'boolean' && field.autoNumber === undefined;

function valueError(field: FieldSchema, value: Value): SaveError | null {
  if (typeof value === 'number') return numberError(field, value);
  if (typeof value !== 'string') return null;
  if (!value.isWellFormed()) return halfCharacter(field);
  if (!TEXT.has(field.type)) return null;
  // of some fields, such as QueueSobject.SobjectType, the values depend on the org: the catalogue has none
  const { picklist } = field;
  if (field.restricted === true && picklist !== undefined) {
    const bad = picklistParts(field, value).find(
      (part) => !picklist.some((each) => each.value === part && each.active !== false),
    );
    if (bad !== undefined) {
      return saveError(
        'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
        `${field.label}: bad value for restricted picklist field: ${bad}`,
        [field.name],
      );
    }
  }
  if (field.length !== undefined && value.length > field.length) {
    return saveError('STRING_TOO_LONG', `${field.label}: data value too large: ${value} (max length=${field.length})`, [
      field.name,
    ]);
  }
  if (field.type === 'email' && !EMAIL.test(value))
    return saveError('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${value}`, [field.name]);
  return null;
}

/** No database of UTF-8 can hold it; the text stays out of the message, which could not be sent either. */
const halfCharacter = (field: FieldSchema): SaveError =>
  saveError(
    'FIELD_INTEGRITY_EXCEPTION',
    `${field.label}: the text has half of a surrogate pair, which is no character: send both halves or neither`,
    [field.name],
  );

const picklistParts = (field: FieldSchema, value: string): string[] =>
  field.type === 'multipicklist' ? value.split(';') : [value];

function numberError(field: FieldSchema, value: number): SaveError | null {
  const outside = NUMERIC.has(field.type)
    ? field.precision !== undefined && Math.abs(value) >= 10 ** (field.precision - (field.scale ?? 0))
    : field.type === 'int' && Math.abs(value) > MAX_INT;
  return outside
    ? saveError(
        'NUMBER_OUTSIDE_VALID_RANGE',
        `${field.label}: value outside of valid range on numeric field: ${value}`,
        [field.name],
      )
    : null;
}
