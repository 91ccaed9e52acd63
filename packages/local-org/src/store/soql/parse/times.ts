import { malformed } from '../errors.ts';

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
