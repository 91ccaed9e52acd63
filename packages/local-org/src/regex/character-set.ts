/** Sets of code points that a pattern names. */
/** How letters are compared: exactly, without regard to the case of ASCII letters, or of all letters. */
export type CaseRule = 'exact' | 'ascii' | 'unicode';

export type IsMember = (codePoint: number) => boolean;

const TABLE_SIZE = 256;
const UNKNOWN = 2;

/** A set that remembers its answers for Latin-1. */
export class CharacterSet {
  readonly has: IsMember;
  readonly #known = new Uint8Array(TABLE_SIZE).fill(UNKNOWN);

  constructor(has: IsMember) {
    this.has = has;
  }

  /** Code units of the code point that begins at `at`, before `to`; 0 when it is not in the set. */
  width(text: string, at: number, to: number): number {
    const unit = text.charCodeAt(at);
    if (unit < TABLE_SIZE) {
      const known = this.#known[unit]!;
      return known === UNKNOWN ? (this.#known[unit] = this.has(unit) ? 1 : 0) : known;
    }
    if (unit < 0xd800 || unit > 0xdbff || at + 1 === to) return this.has(unit) ? 1 : 0;
    const code = text.codePointAt(at)!;
    return this.has(code) ? (code > 0xffff ? 2 : 1) : 0;
  }
}

export const inRange =
  (low: number, high: number): IsMember =>
  (code) =>
    code >= low && code <= high;
export const union =
  (sets: readonly IsMember[]): IsMember =>
  (code) =>
    sets.some((has) => has(code));
export const intersection =
  (a: IsMember, b: IsMember): IsMember =>
  (code) =>
    a(code) && b(code);
export const complement =
  (has: IsMember): IsMember =>
  (code) =>
    !has(code);

/** Members listed as text in which `a-z` is a range. */
export const listed = (text: string): IsMember => {
  const codes = Array.from(text, (character) => character.codePointAt(0)!);
  const sets: IsMember[] = [];
  for (let i = 0; i < codes.length; i++) {
    const ranges = codes[i + 1] === DASH && i + 2 < codes.length;
    sets.push(inRange(codes[i]!, ranges ? codes[i + 2]! : codes[i]!));
    if (ranges) i += 2;
  }
  return union(sets);
};
const DASH = 45;

const isAsciiLetter = (code: number): boolean => (code | 32) >= 97 && (code | 32) <= 122 && code < 128;
const upper = (code: number): number => single(String.fromCodePoint(code).toUpperCase(), code);
const lower = (code: number): number => single(String.fromCodePoint(code).toLowerCase(), code);
/** The one code point of a text; `otherwise` when the change of case made several. */
const single = (text: string, otherwise: number): number => {
  const code = text.codePointAt(0)!;
  return text.length === (code > 0xffff ? 2 : 1) ? code : otherwise;
};

/** The form in which two letters are compared. */
export const folded = (code: number, rule: CaseRule): number => {
  if (rule === 'exact' || (rule === 'ascii' && !isAsciiLetter(code))) return code;
  return lower(upper(code));
};

/** Is there another character that differs by case only? */
export const hasCase = (code: number, rule: CaseRule): boolean =>
  rule !== 'exact' && (rule === 'unicode' || isAsciiLetter(code)) && (upper(code) !== code || lower(code) !== code);

/** The range, and what differs from one of its members by case only. */
export const rangeOf = (low: number, high: number, rule: CaseRule): IsMember => {
  const exact = inRange(low, high);
  if (rule === 'exact') return exact;
  if (low === high && !hasCase(low, rule)) return exact;
  return (code) => exact(code) || ((rule === 'unicode' || code < 128) && (exact(upper(code)) || exact(lower(code))));
};

const LINE_ENDS = new Set([10, 13, 0x85, 0x2028, 0x2029]);
/** Is it a line terminator of `.`, `^` and `$`? With UNIX_LINES only a line feed is. */
export const isLineEnd = (code: number, unix: boolean): boolean => (unix ? code === 10 : LINE_ENDS.has(code));

const WORD = /[\p{L}\p{Nd}_]/u;
/** What `\b` takes for a word: letters and digits of every script, as Java does. */
export const isWord = (code: number): boolean => {
  if (code < 128) return isAsciiLetter(code) || (code >= 48 && code <= 57) || code === 95;
  return WORD.test(String.fromCodePoint(code));
};
