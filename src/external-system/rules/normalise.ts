import type { Scalar, Values } from '../../shared/case-messages.ts';

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

/** The fields the registry knows by name; any other field is kept as one trimmed line. */
const NORMALISERS: Record<string, Normaliser> = {
  Description: block,
  Resolution__c: block,
  Agency__c: upper,
  City__c: titleCase,
  Borough__c: titleCase,
  Reported_At__c: wholeSeconds,
  Latitude__c: degrees,
  Longitude__c: degrees,
};

/** A field may be called as a property that every object inherits, such as `constructor`. */
const normaliserOf = (field: string): Normaliser =>
  (Object.hasOwn(NORMALISERS, field) ? NORMALISERS[field] : undefined) ?? collapse;

/** The values as the registry stores them: one spelling of each, empty text as null. */
export const normalise = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([field, value]) => [field, normaliserOf(field)(value)]));
