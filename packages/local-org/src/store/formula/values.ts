import { roundHalfUp } from '../rounding.ts';
import { StoreError } from '../types.ts';
import type { FieldSchema, FieldType, Value } from '../types.ts';

/** A formula's value with the type that its functions go by. Empty text is null. */
export type FormulaValue =
  | { type: 'null'; value: null }
  | { type: 'number'; value: number }
  | { type: 'text'; value: string }
  | { type: 'boolean'; value: boolean }
  /** Epoch milliseconds of the day's first moment in UTC. */
  | { type: 'date'; value: number }
  | { type: 'datetime'; value: number }
  /** Milliseconds of the day. */
  | { type: 'time'; value: number };

/** What the formula may read while it is evaluated. */
export interface FormulaScope {
  now: number;
  isNew: boolean;
  value(name: string): FormulaValue;
  prior(name: string): FormulaValue;
  /** REGEX() */
  matches(value: string, pattern: string): boolean;
}

/** A formula function over evaluated arguments. */
export type FormulaFunction = (args: FormulaValue[], scope: Pick<FormulaScope, 'now' | 'matches'>) => FormulaValue;

export const NULL: FormulaValue = { type: 'null', value: null };

/** Characters of a text that a formula makes: as many as the longest text field holds. */
const MAX_TEXT = 131_072;

/** Refuses a text of so many characters if it is too long. */
export const checkLength = (length: number): void => {
  if (length > MAX_TEXT)
    throw new StoreError('INVALID_FORMULA', `a text of ${length} characters is too long (max length=${MAX_TEXT})`);
};

export const text = (value: string | null): FormulaValue => {
  if (value === null || value === '') return NULL;
  checkLength(value.length);
  return { type: 'text', value };
};
export const number = (value: number): FormulaValue => ({ type: 'number', value });
export const boolean = (value: boolean): FormulaValue => ({ type: 'boolean', value });

const TYPES: Partial<Record<FieldType, 'number' | 'boolean' | 'date' | 'datetime' | 'time'>> = {
  int: 'number',
  double: 'number',
  currency: 'number',
  percent: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  time: 'time',
};

/** A stored value as formulas see it: percents are fractions. Throws StoreError for a compound address, which has none. */
export function fromField(field: FieldSchema, value: Value): FormulaValue {
  if (field.type === 'address')
    throw new StoreError('INVALID_FORMULA', `formulas of the local org read the parts of ${field.name}, not all of it`);
  if (value === null) return field.type === 'boolean' ? boolean(false) : NULL;
  const type = TYPES[field.type] ?? 'text';
  if (type === 'boolean') return boolean(value === true || value === 1);
  if (type === 'date') return { type, value: Date.parse(`${String(value)}T00:00:00Z`) };
  if (type === 'text') return text(String(value));
  return { type, value: field.type === 'percent' ? Number(value) / 100 : Number(value) };
}

/** A formula's result as it is stored in a field of this type. */
export function toField(field: Pick<FieldSchema, 'type' | 'scale'>, result: FormulaValue): Value {
  if (result.type === 'null') return field.type === 'boolean' ? false : null;
  if (result.type === 'date')
    return field.type === 'datetime' ? result.value : new Date(result.value).toISOString().slice(0, 10);
  if (result.type === 'datetime' && field.type === 'date') return new Date(result.value).toISOString().slice(0, 10);
  if (result.type !== 'number') return result.value;
  const shown = field.type === 'percent' ? result.value * 100 : result.value;
  return field.scale === undefined ? shown : roundHalfUp(shown, field.scale);
}
