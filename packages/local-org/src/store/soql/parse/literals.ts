/** Literals of SOQL: escapes of strings, dates with a time, times. */
import { malformed } from '../errors.ts';

const ESCAPES: Record<string, string> = {
  n: '\n',
  N: '\n',
  r: '\r',
  R: '\r',
  t: '\t',
  T: '\t',
  b: '\b',
  B: '\b',
  f: '\f',
  F: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

/** Resolves the escapes of a SOQL string. `\_` and `\%` stay, for they mean something to LIKE alone. */
export function unescapeString(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|.)/gs, (whole, escape: string) => {
    if (escape.length === 5) return String.fromCharCode(parseInt(escape.slice(1), 16));
    if (escape === '_' || escape === '%') return whole;
    const plain = ESCAPES[escape];
    if (plain === undefined)
      throw malformed(`invalid string literal: Illegal character sequence '\\${escape}' in string literal`);
    return plain;
  });
}

/** Epoch milliseconds of `2024-01-31T10:20:30Z` or `…+01:00`. */
export function parseDatetimeLiteral(text: string): number {
  const value = Date.parse(text.toUpperCase().replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  if (Number.isNaN(value)) throw malformed(`invalid datetime: ${text}`);
  return value;
}

/** Milliseconds of the day of `10:20:30.000Z`. */
export function parseTimeLiteral(text: string): number {
  const match = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?Z?$/i.exec(text);
  if (match === null) throw malformed(`invalid time: ${text}`);
  const [, hours, minutes, seconds, fraction = '0'] = match;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(fraction.padEnd(3, '0'));
}
