/** Flags of a pattern, as `(?imsxduU)` sets them. */
import type { CaseRule } from './character-set.ts';

export interface Flags {
  ignoreCase: boolean;
  unicodeCase: boolean;
  multiline: boolean;
  dotAll: boolean;
  comments: boolean;
  unixLines: boolean;
  unicodeClasses: boolean;
}

export const NO_FLAGS: Readonly<Flags> = {
  ignoreCase: false,
  unicodeCase: false,
  multiline: false,
  dotAll: false,
  comments: false,
  unixLines: false,
  unicodeClasses: false,
};

const BY_LETTER: Record<string, readonly (keyof Flags)[]> = {
  i: ['ignoreCase'],
  u: ['unicodeCase'],
  m: ['multiline'],
  s: ['dotAll'],
  x: ['comments'],
  d: ['unixLines'],
  U: ['unicodeClasses', 'unicodeCase'],
};

/** The flags with those of `letters` switched, or null when a letter is no flag. */
export const withFlags = (flags: Flags, letters: string, on: boolean): Flags | null => {
  const changed = { ...flags };
  for (const letter of letters) {
    const names = BY_LETTER[letter];
    if (names === undefined) return null;
    for (const name of names) changed[name] = on;
  }
  return changed;
};

export const caseRule = (flags: Flags): CaseRule => {
  if (!flags.ignoreCase) return 'exact';
  return flags.unicodeCase ? 'unicode' : 'ascii';
};
