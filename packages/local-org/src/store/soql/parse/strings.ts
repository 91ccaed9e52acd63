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
