import type { FieldSchema, FieldType, SaveError, Value } from '../types.ts';
import { saveError } from './context.ts';

const JAVASCRIPT_TYPE: Partial<Record<FieldType, 'boolean' | 'number'>> = {
  boolean: 'boolean',
  int: 'number',
  double: 'number',
  currency: 'number',
  percent: 'number',
  datetime: 'number',
  time: 'number',
};

/** Whether the text is a day of the calendar as `YYYY-MM-DD`. */
function isDate(text: string): boolean {
  const moment = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(text);
}

/** Whether a value may stand in the field at all: 'x' is no number, 5 is no text. */
export function typeError(field: FieldSchema, value: Value): SaveError | null {
  if (value === null) return null;
  const expected = JAVASCRIPT_TYPE[field.type] ?? 'string';
  const fits =
    typeof value === expected &&
    (field.type !== 'date' || isDate(value as string)) &&
    !(typeof value === 'number' && !Number.isFinite(value));
  return fits
    ? null
    : saveError('INVALID_TYPE_ON_FIELD_IN_RECORD', `${field.label}: value not of required type: ${String(value)}`, [
        field.name,
      ]);
}
