import { MetadataError } from '../schema/problems.ts';
import type { Logic } from './types.ts';

export const everyOf =
  (count: number): Logic =>
  (holds) =>
    Array.from({ length: count }, (_, index) => index).every(holds);

export const someOf =
  (count: number): Logic =>
  (holds) =>
    Array.from({ length: count }, (_, index) => index).some(holds);

const TOKEN = /\s*(\(|\)|\d+|and\b|or\b|not\b)/iy;

/**
 * Reads filter logic over numbered conditions, `1 AND (2 OR NOT 3)`. AND binds stronger than OR.
 * Throws MetadataError when it is not well-formed or names a condition that is not there.
 */
export function parseLogic(text: string, count: number): Logic {
  const tokens = tokensOf(text);
  let at = 0;
  const bad = (): MetadataError => new MetadataError(`the filter logic "${text}" cannot be read`);
  const take = (word: string): boolean => tokens[at] === word && ++at > 0;

  const atom = (): Logic => {
    if (take('not')) {
      const inner = atom();
      return (holds) => !inner(holds);
    }
    if (take('(')) {
      const inner = any();
      if (!take(')')) throw bad();
      return inner;
    }
    const number = Number(tokens[at++]);
    if (!Number.isInteger(number) || number < 1) throw bad();
    if (number > count) throw new MetadataError(`the filter logic "${text}" names condition ${number} of ${count}`);
    return (holds) => holds(number - 1);
  };
  const joined = (word: string, part: () => Logic, how: 'every' | 'some'): Logic => {
    const parts = [part()];
    while (take(word)) parts.push(part());
    return (holds) => parts[how]((each) => each(holds));
  };
  const all = (): Logic => joined('and', atom, 'every');
  const any = (): Logic => joined('or', all, 'some');

  const logic = any();
  if (at < tokens.length) throw bad();
  return logic;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw new MetadataError(`the filter logic "${text}" cannot be read`);
    tokens.push(match[1]!.toLowerCase());
    at = TOKEN.lastIndex;
  }
  return tokens;
}
