import { roundHalfUp } from '../rounding.ts';
import type { FieldSchema, Value } from '../types.ts';
import { normalizeId } from '../ids/record-id.ts';
import type { SaveContext } from './context.ts';
import { isChanged, valueOf, type Entry } from './entry.ts';

/**
 * Step behind the before triggers, which saw raw values: text is trimmed, '' is null, numbers are
 * rounded to the field's scale, times lose what is below a second, picklist values get the case
 * of the list, ids get 18 characters.
 */
export function normaliseValues(context: SaveContext, entries: Entry[]): void {
  for (const entry of entries) {
    for (const field of context.shape.stored) {
      if (!isChanged(entry, field.name)) continue;
      const value = valueOf(entry, field.name);
      const normal = normaliseValue(field, value, context.request.allowTruncation === true);
      if (normal !== value) entry.row.values.set(field.name, normal);
    }
  }
}

/** A value as it is stored. */
export function normaliseValue(field: FieldSchema, value: Value, truncate = false): Value {
  if (value === null) return field.type === 'boolean' ? false : null;
  if (typeof value === 'number') return normaliseNumber(field, value);
  if (typeof value !== 'string') return value;
  if (field.type === 'reference' || field.type === 'id') return value === '' ? null : (normalizeId(value) ?? value);
  if (field.type === 'base64') return value === '' ? null : value;
  const trimmed = value.trim();
  if (trimmed === '') return null;
  if (field.type === 'picklist') return listed(field, trimmed);
  if (field.type === 'multipicklist')
    return trimmed
      .split(';')
      .map((part) => listed(field, part.trim()))
      .filter((part) => part !== '')
      .join(';');
  return truncate && field.length !== undefined ? truncated(trimmed, field.length) : trimmed;
}

/** Cuts a text, but no character in two. */
const truncated = (text: string, length: number): string => {
  const cut = text.slice(0, length);
  return cut.isWellFormed() || !text.isWellFormed() ? cut : cut.slice(0, -1);
};

const SECOND = 1000;

function normaliseNumber(field: FieldSchema, value: number): number {
  switch (field.type) {
    case 'datetime':
      return Math.floor(value / SECOND) * SECOND;
    case 'int':
      return Math.trunc(value);
    case 'double':
    case 'currency':
    case 'percent':
      return field.scale === undefined ? value : roundHalfUp(value, field.scale);
    default:
      return value;
  }
}

/** Picklist values are matched without regard to case and stored as the list has them. */
function listed(field: FieldSchema, value: string): string {
  const values = field.picklist;
  if (values === undefined) return value;
  if (values.some((each) => each.value === value)) return value;
  const folded = value.toLowerCase();
  return values.find((each) => each.value.toLowerCase() === folded)?.value ?? value;
}
