/** String methods that make another text of a text. */
import type { NativeFunction } from '../../types.ts';
import { apexException, checkLength } from '../../values/index.ts';
import { present } from '../shared/arguments.ts';

const ELLIPSIS = '...';

const abbreviate = (self: string, width: number, offset = 0): string => {
  if (width < 4) throw apexException('IllegalArgumentException', 'Minimum abbreviation width is 4');
  if (self.length <= width) return self;
  let start = Math.min(offset, self.length);
  if (self.length - start < width - 3) start = self.length - (width - 3);
  if (start <= 4) return self.slice(0, width - 3) + ELLIPSIS;
  if (width < 7) throw apexException('IllegalArgumentException', 'Minimum abbreviation width with offset is 7');
  if (start + width - 3 < self.length) return ELLIPSIS + abbreviate(self.slice(start), width - 3);
  return ELLIPSIS + self.slice(self.length - (width - 3));
};

const padding = (pad: string | null | undefined): string =>
  pad === undefined || pad === null || pad === '' ? ' ' : pad;

const center = (self: string, size: number, pad?: string | null): string => {
  const missing = size - self.length;
  if (missing <= 0) return self;
  checkLength(size);
  return self.padStart(self.length + Math.floor(missing / 2), padding(pad)).padEnd(size, padding(pad));
};

const repeated = (text: string, separator: string, times: number): string => {
  if (times <= 0) return '';
  const unit = text + separator;
  checkLength(unit.length * times - separator.length);
  return unit === '' ? '' : unit.repeat(times - 1) + text;
};

const swapped = (character: string): string =>
  character === character.toUpperCase() ? character.toLowerCase() : character.toUpperCase();

const overlay = (self: string, text: string, start: number, end: number): string => {
  const clamp = (position: number): number => Math.min(Math.max(position, 0), self.length);
  const [from, to] = [clamp(start), clamp(end)].sort((a, b) => a - b) as [number, number];
  return self.slice(0, from) + text + self.slice(to);
};

export const change: Record<string, NativeFunction> = {
  abbreviate,
  capitalize: (self: string) => self.charAt(0).toUpperCase() + self.slice(1),
  uncapitalize: (self: string) => self.charAt(0).toLowerCase() + self.slice(1),
  swapcase: (self: string) => Array.from(self, swapped).join(''),
  tolowercase: (self: string, locale?: string) =>
    locale === undefined ? self.toLowerCase() : self.toLocaleLowerCase(locale.replace('_', '-')),
  touppercase: (self: string, locale?: string) =>
    locale === undefined ? self.toUpperCase() : self.toLocaleUpperCase(locale.replace('_', '-')),
  center,
  leftpad: (self: string, size: number, pad?: string | null) => (checkLength(size), self.padStart(size, padding(pad))),
  rightpad: (self: string, size: number, pad?: string | null) => (checkLength(size), self.padEnd(size, padding(pad))),
  repeat: (self: string, first: string | number, second?: number) =>
    typeof first === 'number' ? repeated(self, '', first) : repeated(self, first, second ?? 0),
  reverse: (self: string) => Array.from(self).reverse().join(''),
  overlay: (self: string, text: string | null, start: number, end: number) => overlay(self, text ?? '', start, end),
  replace: (self: string, part: string | null, replacement: string | null) => {
    const text = present(replacement);
    return self.replaceAll(present(part), () => text);
  },
};
