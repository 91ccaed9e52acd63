/** String.valueOf(Object), string concatenation and debug output. */
import type { Apex } from '../types.ts';
import { ApexDate } from './date.ts';
import { ApexException } from './exception.ts';
import { ApexList } from './list.ts';
import { ApexMap } from './map.ts';
import { ApexEnum, ApexObject, fieldShapes, NativeObject, userMethod } from './object.ts';
import { ApexSet } from './set.ts';
import { SObject } from './sobject.ts';
import { checkLength, spend } from './work.ts';

/** Lists and sets show this many elements, then an ellipsis. */
const SHOWN_ELEMENTS = 10;
/** Of CPU time, for a value that holds others. */
const STEPS_PER_VALUE = 10;

/** The text of any value; `path` holds the objects being printed, so that cycles end. */
const text = (value: Apex, path: ReadonlySet<object>): string => {
  if (value === null || value === undefined) return 'null';
  if (typeof value !== 'object') return String(value);
  // A day is shown with the time of its beginning; String.valueOf(Date) alone leaves it out.
  if (value instanceof ApexDate) return `${value.toString()} 00:00:00`;
  if (value instanceof ApexEnum) return value.name;
  if (value instanceof ApexException || value instanceof NativeObject) return ownText(value) ?? value.toText();
  const composite =
    value instanceof ApexObject ||
    value instanceof SObject ||
    value instanceof ApexList ||
    value instanceof ApexSet ||
    value instanceof ApexMap;
  if (!composite) return String(value);
  if (path.has(value)) return '(already output)';
  spend(STEPS_PER_VALUE + path.size);
  const inner = new Set([...path, value]);
  if (value instanceof ApexList) return `(${elements(value.items, inner)})`;
  if (value instanceof ApexSet) return `{${elements(value.values(), inner)}}`;
  if (value instanceof ApexMap)
    return `{${joined(value.entries().map(([key, item]) => `${text(key, inner)}=${text(item, inner)}`))}}`;
  if (value instanceof SObject) return `${value.type}:{${record(value, inner)}}`;
  return ownText(value) ?? `${shortName(value.apexType)}:[${members(value, inner)}]`;
};

const ownText = (value: object): string | null => {
  const toString = userMethod(value, 'toString', 0);
  return toString === null ? null : String(toString());
};

const shortName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** What holds one value many times can be longer than any text may be. */
const joined = (parts: string[]): string => {
  const text = parts.join(', ');
  checkLength(text.length);
  return text;
};

const elements = (items: Apex[], path: ReadonlySet<object>): string => {
  const shown = items.slice(0, SHOWN_ELEMENTS).map((item) => text(item, path));
  if (items.length > SHOWN_ELEMENTS) shown.push('...');
  return joined(shown);
};

const record = (value: SObject, path: ReadonlySet<object>): string => {
  const fields = value.populated().map(([name, item]) => `${name}=${text(item, path)}`);
  const parents = value
    .parents()
    .filter(([, parent]) => parent !== null)
    .map(([name, parent]) => `${name}=${text(parent, path)}`);
  return joined([...fields, ...parents]);
};

const members = (value: ApexObject, path: ReadonlySet<object>): string =>
  joined(
    fieldShapes(value).map(
      ({ name, member }) => `${name}=${text((value as unknown as Record<string, Apex>)[member] ?? null, path)}`,
    ),
  );

/** How Apex prints a value: `(a, b)`, `{k=v}`, `Case:{Id=…}`, `2026-11-21 07:30:00` (UTC), `Foo:[a=1]`. */
export const toApexString = (value: Apex): string => text(value, new Set());
