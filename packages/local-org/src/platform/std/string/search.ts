/** String methods that look for positions. */
import type { NativeFunction } from '../../types.ts';
import { ApexList, apexException, spend } from '../../values/index.ts';
import { present } from '../shared/arguments.ts';

const folded = (text: string): string => text.toLowerCase();

const outOfRange = (index: number): Error =>
  apexException('StringException', `String index out of range: ${index}`) as unknown as Error;

const unitAt = (self: string, index: number): number => {
  if (present(index) < 0 || index >= self.length) throw outOfRange(index);
  return self.charCodeAt(index);
};

const last = (self: string, part: string, from?: number): number =>
  from !== undefined && from < 0 ? -1 : self.lastIndexOf(part, from);

/** Edits that turn one text into the other. */
const distance = (a: string, b: string): number => {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    spend(b.length);
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(row[j - 1]! + 1, previous[j]! + 1, substitution);
    }
    previous = row;
  }
  return previous[b.length]!;
};

const firstDifference = (a: string, b: string): number => {
  if (a === b) return -1;
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  return i;
};

const findUnit = (self: string, accept: (character: string) => boolean): number =>
  [...Array(self.length).keys()].find((i) => accept(self[i]!)) ?? -1;

export const search: Record<string, NativeFunction> = {
  charat: unitAt,
  codepointat: (self: string, index: number) => (unitAt(self, index), self.codePointAt(index)!),
  codepointbefore: (self: string, index: number) => {
    unitAt(self, index - 1);
    const pair = index >= 2 ? self.codePointAt(index - 2)! : 0;
    return pair > 0xffff ? pair : self.charCodeAt(index - 1);
  },
  codepointcount: (self: string, begin: number, end: number) => {
    if (begin < 0 || end > self.length || begin > end) throw outOfRange(begin < 0 ? begin : end);
    return Array.from(self.slice(begin, end)).length;
  },
  offsetbycodepoints: (self: string, index: number, offset: number) => {
    let at = index;
    for (let left = offset; left > 0; left--) at += self.codePointAt(at)! > 0xffff ? 2 : 1;
    for (let left = offset; left < 0; left++) at -= at >= 2 && self.codePointAt(at - 2)! > 0xffff ? 2 : 1;
    if (at < 0 || at > self.length) throw outOfRange(at);
    return at;
  },
  getchars: (self: string) =>
    new ApexList(
      'Integer',
      Array.from({ length: self.length }, (_, i) => self.charCodeAt(i)),
    ),

  indexof: (self: string, part: string | null, from?: number) => self.indexOf(present(part), from),
  indexofignorecase: (self: string, part: string | null, from?: number) =>
    folded(self).indexOf(folded(present(part)), from),
  indexofchar: (self: string, character: number, from?: number) => self.indexOf(String.fromCodePoint(character), from),
  indexofany: (self: string, characters: string | null) => findUnit(self, (c) => present(characters).includes(c)),
  indexofanybut: (self: string, characters: string | null) => findUnit(self, (c) => !present(characters).includes(c)),
  indexofdifference: (self: string, other: string | null) => firstDifference(self, present(other)),
  lastindexof: (self: string, part: string | null, from?: number) => last(self, present(part), from),
  lastindexofignorecase: (self: string, part: string | null, from?: number) =>
    last(folded(self), folded(present(part)), from),
  lastindexofchar: (self: string, character: number, from?: number) =>
    last(self, String.fromCodePoint(character), from),
  countmatches: (self: string, part: string | null) => (present(part) === '' ? 0 : self.split(part!).length - 1),
  difference: (self: string, other: string | null) => {
    const at = firstDifference(self, present(other));
    return at < 0 ? '' : other!.slice(at);
  },
  getlevenshteindistance: (self: string, other: string | null, threshold?: number) => {
    const edits = distance(self, present(other));
    return threshold !== undefined && edits > threshold ? -1 : edits;
  },
};
