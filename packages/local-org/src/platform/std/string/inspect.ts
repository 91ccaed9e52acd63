/** String methods that ask about the kind of characters. */
import type { NativeFunction } from '../../types.ts';
import { stringHash } from '../../values/index.ts';
import { present } from '../shared/arguments.ts';

/** What the platform calls white space: no non-breaking blanks. */
const WHITESPACE = '\\t\\n\\v\\f\\r\\x1c-\\x1f \\p{Zl}\\p{Zp}\\u1680\\u2000-\\u2006\\u2008-\\u200a\\u205f\\u3000';

const matches =
  (pattern: RegExp) =>
  (self: string): boolean =>
    pattern.test(self);
const folded = (text: string): string => text.toLowerCase();

export const inspect: Record<string, NativeFunction> = {
  length: (self: string) => self.length,
  isalllowercase: matches(/^\p{Ll}+$/u),
  isalluppercase: matches(/^\p{Lu}+$/u),
  isalpha: matches(/^\p{L}+$/u),
  isalphaspace: matches(/^[\p{L} ]*$/u),
  isalphanumeric: matches(/^[\p{L}\p{Nd}]+$/u),
  isalphanumericspace: matches(/^[\p{L}\p{Nd} ]*$/u),
  isasciiprintable: matches(/^[ -~]*$/),
  isnumeric: matches(/^\p{Nd}+$/u),
  isnumericspace: matches(/^[\p{Nd} ]*$/u),
  iswhitespace: matches(new RegExp(`^[${WHITESPACE}]*$`, 'u')),
  containswhitespace: matches(new RegExp(`[${WHITESPACE}]`, 'u')),

  contains: (self: string, part: string | null) => self.includes(present(part)),
  containsignorecase: (self: string, part: string | null) => folded(self).includes(folded(present(part))),
  containsany: (self: string, characters: string | null) =>
    Array.from(present(characters)).some((c) => self.includes(c)),
  containsnone: (self: string, characters: string | null) =>
    !Array.from(present(characters)).some((c) => self.includes(c)),
  containsonly: (self: string, characters: string | null) =>
    Array.from(self).every((c) => present(characters).includes(c)),
  startswith: (self: string, part: string | null) => self.startsWith(present(part)),
  startswithignorecase: (self: string, part: string | null) => folded(self).startsWith(folded(present(part))),
  endswith: (self: string, part: string | null) => self.endsWith(present(part)),
  endswithignorecase: (self: string, part: string | null) => folded(self).endsWith(folded(present(part))),

  equals: (self: string, other: unknown) => self === other,
  equalsignorecase: (self: string, other: string | null) => other !== null && folded(self) === folded(other),
  hashcode: stringHash,
  compareto: (self: string, other: string | null) => compareCodeUnits(self, present(other)),
};

/** Difference of the first code units that differ, or of the lengths. */
const compareCodeUnits = (a: string, b: string): number => {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const difference = a.charCodeAt(i) - b.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};
