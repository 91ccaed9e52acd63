/** String methods that take parts out of a text. */
import type { NativeFunction } from '../../types.ts';
import { ApexList, apexException } from '../../values/index.ts';
import { present } from '../shared/arguments.ts';

const substring = (self: string, start: number, end?: number): string => {
  if (present(start) < 0 || start > self.length)
    throw apexException('StringException', `Starting position out of bounds: ${start}`);
  if (end === undefined) return self.slice(start);
  if (present(end) < start || end > self.length)
    throw apexException('StringException', `Ending position out of bounds: ${end}`);
  return self.slice(start, end);
};

/** The part on one side of the first or last separator; `otherwise` when there is none. */
const around = (at: number, self: string, separator: string, side: 'before' | 'after', otherwise: string): string => {
  if (at < 0) return otherwise;
  return side === 'before' ? self.slice(0, at) : self.slice(at + separator.length);
};

const between = (self: string, open: string, close: string): string | null => {
  const from = self.indexOf(open);
  const to = from < 0 ? -1 : self.indexOf(close, from + open.length);
  return to < 0 ? null : self.slice(from + open.length, to);
};

/** Runs of characters of one kind; in camel case an upper-case letter belongs to the lower-case run after it. */
const runs = (self: string, camelCase: boolean): string[] => {
  const pattern = camelCase
    ? /\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{Lu}(?=\p{Ll})|\p{Lt}+|\p{Lm}+|\p{Lo}+|\p{Nd}+|\p{Zs}+|\p{P}+|\p{S}+|\p{C}+|[^]/gu
    : /\p{Lu}+|\p{Ll}+|\p{Lt}+|\p{Lm}+|\p{Lo}+|\p{Nd}+|\p{Zs}+|\p{P}+|\p{S}+|\p{C}+|[^]/gu;
  return self.match(pattern) ?? [];
};

/** Removes `<…>`; a `<` that nothing closes stays, with all behind it. */
const withoutTags = (self: string): string => {
  let out = '';
  let at = 0;
  for (;;) {
    const open = self.indexOf('<', at);
    const close = open < 0 ? -1 : self.indexOf('>', open);
    if (close < 0) return out + self.slice(at);
    out += self.slice(at, open);
    at = close + 1;
  }
};

const strings = (items: string[]): ApexList => new ApexList('String', items);

const removeAt = (self: string, part: string, ignoreCase: boolean, end: boolean): string => {
  const [text, wanted] = ignoreCase ? [self.toLowerCase(), part.toLowerCase()] : [self, part];
  if (wanted === '') return self;
  if (end) return text.endsWith(wanted) ? self.slice(0, self.length - part.length) : self;
  return text.startsWith(wanted) ? self.slice(part.length) : self;
};

export const cut: Record<string, NativeFunction> = {
  substring,
  left: (self: string, length: number) => self.slice(0, Math.max(0, length)),
  right: (self: string, length: number) => (length <= 0 ? '' : self.slice(-length)),
  mid: (self: string, start: number, length: number) =>
    length < 0 || start > self.length ? '' : self.slice(Math.max(0, start), Math.max(0, start) + length),
  substringafter: (self: string, separator: string | null) =>
    around(self.indexOf(present(separator)), self, separator!, 'after', ''),
  substringafterlast: (self: string, separator: string | null) =>
    around(present(separator) === '' ? -1 : self.lastIndexOf(separator!), self, separator!, 'after', ''),
  substringbefore: (self: string, separator: string | null) =>
    around(self.indexOf(present(separator)), self, separator!, 'before', self),
  substringbeforelast: (self: string, separator: string | null) =>
    around(present(separator) === '' ? -1 : self.lastIndexOf(separator!), self, separator!, 'before', self),
  substringbetween: (self: string, open: string | null, close?: string | null) =>
    open === null || close === null ? null : between(self, open, close ?? open),

  splitbycharactertype: (self: string) => strings(runs(self, false)),
  splitbycharactertypecamelcase: (self: string) => strings(runs(self, true)),

  remove: (self: string, part: string | null) => (present(part) === '' ? self : self.replaceAll(part!, () => '')),
  removestart: (self: string, part: string | null) => removeAt(self, present(part), false, false),
  removestartignorecase: (self: string, part: string | null) => removeAt(self, present(part), true, false),
  removeend: (self: string, part: string | null) => removeAt(self, present(part), false, true),
  removeendignorecase: (self: string, part: string | null) => removeAt(self, present(part), true, true),
  deletewhitespace: (self: string) => self.replace(/\s/g, ''),
  striphtmltags: withoutTags,
  trim: (self: string) => trim(self),
  normalizespace: (self: string) => self.trim().replace(/\s+/g, ' '),
};

/** Cuts off everything up to and including the space character, control characters too. */
const trim = (self: string): string => {
  let from = 0;
  let to = self.length;
  while (from < to && self.charCodeAt(from) <= 32) from++;
  while (to > from && self.charCodeAt(to - 1) <= 32) to--;
  return self.slice(from, to);
};
