import type { Scalar, Values } from '../../shared/case-messages.ts';
import type { FieldRules, Spelling } from './field-rules.ts';

/** How the registry writes one field, whatever was sent. */
type Normaliser = (value: Scalar) => Scalar;

const collapse: Normaliser = (value) => (typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() || null : value);

const block: Normaliser = (value) =>
  typeof value === 'string'
    ? value
        .replace(/\r\n?/g, '\n')
        .replace(/[ \t]+$/gm, '')
        .trim() || null
    : value;

const titleCase: Normaliser = (value) => {
  const text = collapse(value);
  return typeof text === 'string'
    ? text
        .toLowerCase()
        .replace(/(^|[\s\-/.'(])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())
    : text;
};

const degrees: Normaliser = (value) => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' ? Math.round(number * 1e6) / 1e6 : number === '' ? null : number;
};

const wholeSeconds: Normaliser = (value) => {
  if (typeof value !== 'string' || value.trim() === '') return value === '' ? null : value;
  const time = Date.parse(value);
  return Number.isNaN(time) ? value : new Date(Math.floor(time / 1000) * 1000).toISOString().replace('.000Z', 'Z');
};

const upper: Normaliser = (value) => {
  const text = collapse(value);
  return typeof text === 'string' ? text.toUpperCase() : text;
};

const SPELLINGS: Record<Spelling, Normaliser> = {
  'one line': collapse,
  lines: block,
  'title case': titleCase,
  'upper case': upper,
  degrees,
  'whole seconds': wholeSeconds,
};

/** The values as the registry stores them: one spelling of each, empty text as null. A field without rules is one trimmed line. */
export const normalise = (fields: FieldRules, values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([field, value]) => [
      field,
      SPELLINGS[fields.get(field)?.spelling ?? 'one line'](value),
    ]),
  );
