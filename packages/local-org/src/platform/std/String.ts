/** System.String. */
import type { Apex, NativeFunction, StdFactory } from '../types.ts';
import type { ApexList } from '../values/index.ts';
import { ApexDate, ApexDatetime, apexException, checkLength, spend, toApexString } from '../values/index.ts';
import type { PlatformRuntime } from '../services.ts';
import { present } from './shared/arguments.ts';
import { elementsOf } from './shared/iterate.ts';
import { wallTime, zoneReader } from './shared/user-zone.ts';
import { regexCompiler } from './shared/regex.ts';
import { change } from './string/change.ts';
import { cut } from './string/cut.ts';
import { escape } from './string/escape.ts';
import { inspect } from './string/inspect.ts';
import { formatMessage } from './string/message-format.ts';
import { regexMethods } from './string/regex.ts';
import { search } from './string/search.ts';

const blank = (text: string | null): boolean => text === null || text.trim() === '';

const commonPrefix = (texts: string[]): string => {
  let prefix = texts[0] ?? '';
  for (const text of texts) {
    let common = 0;
    while (common < prefix.length && text[common] === prefix[common]) common++;
    spend(common);
    prefix = prefix.slice(0, common);
  }
  return prefix;
};

/** Alone, a day has no time and a moment is shown in the user's zone; within other texts both differ. */
const valueOf = (value: Apex, zone: ReturnType<typeof zoneReader>): string | null => {
  if (value instanceof ApexDate) return value.toString();
  if (value instanceof ApexDatetime) return wallTime(value, zone()).toString();
  return value === null ? null : toApexString(value);
};

const statics = ($: PlatformRuntime, zone = zoneReader($)): Record<string, NativeFunction> => ({
  /** Taken as an Object, a day has the time of its beginning. */
  valueof: (value: Apex, isObject = false) =>
    isObject && value instanceof ApexDate ? toApexString(value) : valueOf(value, zone),
  valueofgmt: (value: ApexDatetime | null) => present(value).toString(),
  format: (pattern: string | null, values: ApexList | null) =>
    formatMessage(present(pattern), values === null ? [] : values.items.map((value) => toApexString(value))),
  join: (values: Apex, separator: string | null) => {
    const glue = present(separator);
    const parts = elementsOf($, present(values)).map((value) => (value === null ? '' : toApexString(value)));
    checkLength(parts.reduce((length, part) => length + part.length + glue.length, -glue.length));
    return parts.join(glue);
  },
  isblank: blank,
  isnotblank: (text: string | null) => !blank(text),
  isempty: (text: string | null) => text === null || text === '',
  isnotempty: (text: string | null) => text !== null && text !== '',
  escapesinglequotes: (text: string | null) => present(text).replace(/[\\']/g, '\\$&'),
  fromchararray: (units: ApexList | null) => {
    const codes = present(units).items as number[];
    if (codes.some((code) => code < 0 || code > 0x10ffff))
      throw apexException('StringException', 'Invalid character code');
    return codes.map((code) => String.fromCodePoint(code)).join('');
  },
  getcommonprefix: (texts: ApexList | null) => commonPrefix(present(texts).items as string[]),
});

const factory: StdFactory = ($) => ({
  name: 'String',
  s: statics($ as PlatformRuntime),
  m: { ...inspect, ...search, ...cut, ...change, ...escape, ...regexMethods($, regexCompiler()) },
});

export default factory;
