/** Checks of JSON that came from outside: what is wrong, where. */
import { identifierProblem, valueProblem } from './text.ts';

export interface Problem {
  /** Path of the field, such as `values.Description`; empty for the whole. */
  at: string;
  /** Words that follow the path: `must be a whole number from 1`. */
  is: string;
}

export type Check = (value: unknown) => Problem | null;

export const describeProblem = ({ at, is }: Problem): string => (at ? `${at} ${is}` : is);

/** Number(9,0) and Number(4,0) in Salesforce. */
const MAX_NUMBER = 999_999_999;
const MAX_ATTEMPT = 9_999;
/** Salesforce's objects have at most 800 custom fields; intake may bring others. */
const MAX_FIELDS = 1_000;
const MAX_NAME_LENGTH = 255;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SALESFORCE_ID = /^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/;

type Plain = Record<string, unknown>;

const isObject = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const problem = (is: string): Problem => ({ at: '', is });
const below = (name: string, { at, is }: Problem): Problem => ({
  at: at === '' || at.startsWith('[') ? `${name}${at}` : `${name}.${at}`,
  is,
});

const must =
  (expected: string, test: (value: unknown) => boolean): Check =>
  (value) =>
    test(value) ? null : problem(`must be ${expected}`);

/** The own property of a JSON object: `constructor` is no field of every object. */
const own = (object: Plain, name: string): unknown => (Object.hasOwn(object, name) ? object[name] : undefined);

export const isKey = (value: unknown): boolean => typeof value === 'string' && UUID.test(value);

export const key: Check = must('a lower-case UUID', isKey);
export const salesforceId: Check = must(
  'a Salesforce id of 15 or 18 characters',
  (value) => typeof value === 'string' && SALESFORCE_ID.test(value),
);
export const time: Check = must(
  'an ISO 8601 time',
  (value) => typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value)),
);
export const flag: Check = must('true or false', (value) => typeof value === 'boolean');
/** A text that is only kept and passed on: whoever stores it makes it storable. */
export const diagnostic: Check = must('a text that is not empty', (value) => typeof value === 'string' && value !== '');

export const wholeFrom = (from: number, to: number): Check =>
  must(
    `a whole number from ${from} to ${to}`,
    (value) => Number.isInteger(value) && (value as number) >= from && (value as number) <= to,
  );
/** A version or a revision. */
export const count: Check = wholeFrom(1, MAX_NUMBER);
export const attempt: Check = wholeFrom(0, MAX_ATTEMPT);

/** A key, an id or a name that another system has given. */
export const identifier =
  (most: number): Check =>
  (value) => {
    if (typeof value !== 'string') return problem(`must be a text of at most ${most} characters`);
    const is = identifierProblem(value, most);
    return is === null ? null : problem(is);
  };

export const oneOf = (...allowed: string[]): Check =>
  must(`one of ${allowed.join(', ')}`, (value) => allowed.includes(value as string));

export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null ? null : check(value);

export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? null : check(value);

/** A field's value. JSON such as 1e999 is read as Infinity, which would become null without a word. */
export const scalar: Check = (value) => {
  if (value === null || typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : problem('is a number beyond all bounds');
  if (typeof value !== 'string') return problem('must be a text, a number, true, false or null');
  const is = valueProblem(value);
  return is === null ? null : problem(is);
};

const fieldName = (name: string): string | null =>
  name === '__proto__' ? 'is no name for a field; rename it' : identifierProblem(name, MAX_NAME_LENGTH);

/** An object from names of fields to what `check` takes. */
export const byField =
  (check: Check): Check =>
  (value) => {
    if (!isObject(value)) return problem('must be an object of field names and values');
    const entries = Object.entries(value);
    if (entries.length > MAX_FIELDS)
      return problem(`has ${entries.length} fields, at most ${MAX_FIELDS} can be carried`);
    for (const [place, [name, content]] of entries.entries()) {
      const wrongName = fieldName(name);
      if (wrongName !== null) return problem(`has a field whose name (number ${place + 1}) ${wrongName}`);
      const found = check(content);
      if (found) return below(name, found);
    }
    return null;
  };

export const values: Check = byField(scalar);

export const listOf =
  (check: Check): Check =>
  (value) => {
    if (!Array.isArray(value)) return problem('must be a list');
    for (const [place, item] of value.entries()) {
      const found = check(item);
      if (found) return below(`[${place}]`, found);
    }
    return null;
  };

/** An object with these fields, whatever else it has. */
export const fields =
  (checks: Record<string, Check>): Check =>
  (value) => {
    if (!isObject(value)) return problem('must be a JSON object');
    for (const [name, check] of Object.entries(checks)) {
      const found = check(own(value, name));
      if (found) return below(name, found);
    }
    return null;
  };

/** An object whose field `name` says by which check it is judged. */
export const byKind =
  (name: string, kinds: Record<string, Check>): Check =>
  (value) => {
    if (!isObject(value)) return problem('must be a JSON object');
    const kind = own(value, name);
    return typeof kind === 'string' && Object.hasOwn(kinds, kind)
      ? kinds[kind]!(value)
      : below(name, problem(`must be one of ${Object.keys(kinds).join(', ')}`));
  };
