/** Field values of JSON requests as stored values, and stored values as the REST API writes them. */
import type { FieldType, Value } from '../../store/types.ts';
import type { Json } from '../json-body.ts';
import { parseDate, parseDatetime, parseTime } from './dates.ts';

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;

type Reader = (json: boolean | number | string) => Value | undefined;

const number: Reader = (json) => {
  if (typeof json === 'number') return json;
  return typeof json === 'string' && NUMBER.test(json) ? Number(json) : undefined;
};

const integer: Reader = (json) => {
  const value = number(json);
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
};

const boolean: Reader = (json) => {
  const text = String(json).toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
};

/** Empty text is no value; an empty string for a date or number is an error. */
const text: Reader = (json) => (json === '' ? null : String(json));
const fromText =
  (parse: (text: string) => Value | undefined): Reader =>
  (json) =>
    typeof json === 'string' ? parse(json) : undefined;

const READERS: Partial<Record<FieldType, Reader>> = {
  boolean,
  int: integer,
  double: number,
  currency: number,
  percent: number,
  date: fromText(parseDate),
  datetime: fromText(parseDatetime),
  time: fromText(parseTime),
};

/** Field values of JSON requests as stored values. Answers undefined for a value that the field's type cannot take. */
export const valueFromJson = (json: Json, type: FieldType): Value | undefined => {
  if (json === null) return null;
  // An address is read-only whatever is given for it: the save says so.
  if (type === 'address') return JSON.stringify(json);
  if (typeof json === 'object') return undefined;
  return (READERS[type] ?? text)(json);
};

/** The name of a value's first token in the words of Salesforce's parser. */
export const tokenName = (json: Json): string => {
  if (Array.isArray(json)) return 'START_ARRAY';
  if (typeof json === 'object') return json === null ? 'VALUE_NULL' : 'START_OBJECT';
  if (typeof json === 'string') return 'VALUE_STRING';
  if (typeof json === 'boolean') return json ? 'VALUE_TRUE' : 'VALUE_FALSE';
  return Number.isInteger(json) ? 'VALUE_NUMBER_INT' : 'VALUE_NUMBER_FLOAT';
};

/** `2026-11-21T07:30:30.000+0000` */
export const datetimeText = (epochMs: number): string => new Date(epochMs).toISOString().replace('Z', '+0000');

/** `07:30:30.000Z` */
export const timeText = (msOfDay: number): string => new Date(msOfDay).toISOString().slice('1970-01-01T'.length);

export const valueToJson = (value: Value, type: FieldType | undefined): Value => {
  if (typeof value !== 'number') return value;
  if (type === 'datetime') return datetimeText(value);
  return type === 'time' ? timeText(value) : value;
};
