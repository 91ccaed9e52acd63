import { to18 } from '../../ids/record-id.ts';
import type { FormulaFunction } from '../values.ts';
import { boolean, checkLength, NULL, number, text } from '../values.ts';
import type { FormulaValue } from '../values.ts';

const stringOf = (value: FormulaValue | undefined): string =>
  value === undefined || value.value === null ? '' : String(value.value);
const numberOf = (value: FormulaValue | undefined, missing = 0): number =>
  value?.type === 'number' ? value.value : missing;
const onText =
  (run: (value: string) => string): FormulaFunction =>
  ([a]) =>
    text(run(stringOf(a)));

const pad =
  (at: 'padStart' | 'padEnd'): FormulaFunction =>
  ([a, length, filler]) => {
    const value = stringOf(a);
    const width = Math.max(0, numberOf(length));
    checkLength(width);
    return text(
      value.length >= width ? value.slice(0, width) : value[at](width, filler === undefined ? ' ' : stringOf(filler)),
    );
  };

/** TEXT(): dates as ISO, date/times with a blank and Z. */
function asText(value: FormulaValue | undefined): string {
  if (value?.type === 'date') return new Date(value.value).toISOString().slice(0, 10);
  if (value?.type === 'datetime')
    return new Date(value.value)
      .toISOString()
      .replace('T', ' ')
      .replace(/\.\d+Z$/, 'Z');
  if (value?.type === 'time') return new Date(value.value).toISOString().slice(11, 23);
  return stringOf(value);
}

/** SUBSTITUTE(): its length is known before the text is made. */
function substitute(value: string, from: string, to: string): string {
  if (from === '') return value;
  const parts = value.split(from);
  checkLength(value.length + (parts.length - 1) * (to.length - from.length));
  return parts.join(to);
}

export const TEXT_FUNCTIONS: Record<string, FormulaFunction> = {
  begins: ([a, b]) => boolean(stringOf(a).startsWith(stringOf(b))),
  contains: ([a, b]) => boolean(stringOf(a).includes(stringOf(b))),
  find: ([what, where, start]) =>
    number(stringOf(where).indexOf(stringOf(what), Math.max(0, numberOf(start, 1) - 1)) + 1),
  left: ([a, count]) => text(stringOf(a).slice(0, Math.max(0, numberOf(count)))),
  right: ([a, count]) => text(numberOf(count) <= 0 ? '' : stringOf(a).slice(-numberOf(count))),
  mid: ([a, start, count]) =>
    text(stringOf(a).slice(Math.max(0, numberOf(start) - 1), Math.max(0, numberOf(start) - 1) + numberOf(count))),
  len: ([a]) => number(stringOf(a).length),
  lower: onText((value) => value.toLowerCase()),
  upper: onText((value) => value.toUpperCase()),
  trim: onText((value) => value.trim()),
  initcap: onText((value) => value.toLowerCase().replace(/\b\p{L}/gu, (letter) => letter.toUpperCase())),
  reverse: onText((value) => [...value].reverse().join('')),
  lpad: pad('padStart'),
  rpad: pad('padEnd'),
  substitute: ([a, from, to]) => text(substitute(stringOf(a), stringOf(from), stringOf(to))),
  text: ([a]) => text(asText(a)),
  value: ([a]) => (stringOf(a).trim() === '' || Number.isNaN(Number(stringOf(a))) ? NULL : number(Number(stringOf(a)))),
  br: () => text('\n'),
  regex: ([a, pattern], scope) => boolean(scope.matches(stringOf(a), stringOf(pattern))),
  casesafeid: ([a]) => text(stringOf(a).length === 15 ? to18(stringOf(a)) : stringOf(a)),
  hyperlink: ([url, label]) => text(`<a href="${stringOf(url)}">${stringOf(label)}</a>`),
};
