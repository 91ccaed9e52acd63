/** `\p{…}` and the sets that have a letter of their own. */
import { CharacterSet, complement, inRange, listed, union } from './character-set.ts';
import type { IsMember } from './character-set.ts';

/** Sets of one-letter escapes: `\d`. */
export const ESCAPED_SETS: Record<string, IsMember> = {
  d: listed('0-9'),
  w: listed('a-zA-Z_0-9'),
  s: listed('\t\n\v\f\r '),
  h: listed(' \t\xA0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000'),
  v: listed('\n\v\f\r\x85\u2028\u2029'),
};

/** The same for patterns that use them alone, made once. */
export const COMMON_SETS: ReadonlyMap<string, CharacterSet> = new Map(
  Object.entries(ESCAPED_SETS).flatMap(([letter, has]) => [
    [letter, new CharacterSet(has)],
    [letter.toUpperCase(), new CharacterSet(complement(has))],
  ]),
);

const POSIX: Record<string, IsMember> = {
  Lower: listed('a-z'),
  Upper: listed('A-Z'),
  ASCII: inRange(0, 0x7f),
  Alpha: listed('a-zA-Z'),
  Digit: listed('0-9'),
  Alnum: listed('a-zA-Z0-9'),
  Punct: union([inRange(0x21, 0x2f), inRange(0x3a, 0x40), inRange(0x5b, 0x60), inRange(0x7b, 0x7e)]),
  Graph: inRange(0x21, 0x7e),
  Print: inRange(0x20, 0x7e),
  Blank: listed(' \t'),
  Cntrl: union([inRange(0, 0x1f), inRange(0x7f, 0x7f)]),
  XDigit: listed('0-9a-fA-F'),
  Space: listed('\t\n\v\f\r '),
};

/** Properties by JavaScript's names. */
const unicode = (expression: string): IsMember | null => {
  try {
    const pattern = new RegExp(`^${expression}$`, 'u');
    return (code) => pattern.test(String.fromCodePoint(code));
  } catch {
    return null;
  }
};
const known = (expression: string): IsMember => unicode(expression)!;

/** Methods `is…` of java.lang.Character; and the properties that Java has under names of its own. */
const JAVA: Record<string, () => IsMember> = {
  javaLowerCase: () => known('\\p{Lowercase}'),
  javaUpperCase: () => known('\\p{Uppercase}'),
  javaAlphabetic: () => known('\\p{Alphabetic}'),
  javaIdeographic: () => known('\\p{Ideographic}'),
  javaTitleCase: () => known('\\p{Lt}'),
  javaDigit: () => known('\\p{Nd}'),
  javaDefined: () => known('\\P{Cn}'),
  javaLetter: () => known('\\p{L}'),
  javaLetterOrDigit: () => known('[\\p{L}\\p{Nd}]'),
  javaSpaceChar: () => known('[\\p{Zs}\\p{Zl}\\p{Zp}]'),
  javaWhitespace: () => known('[\\t-\\r\\x1c-\\x1f \\u1680\\u2000-\\u2006\\u2008-\\u200a\\u2028\\u2029\\u205f\\u3000]'),
  javaISOControl: () => known('\\p{Cc}'),
  javaMirrored: () => known('\\p{Bidi_Mirrored}'),
  L1: () => inRange(0, 0xff),
  LD: () => known('[\\p{L}\\p{Nd}]'),
  LC: () => known('[\\p{Lu}\\p{Ll}\\p{Lt}]'),
  all: () => () => true,
};

/** The blocks in use, from Blocks.txt of the Unicode Character Database. */
const BLOCKS: Record<string, [low: number, high: number]> = {
  basiclatin: [0, 0x7f],
  latin1supplement: [0x80, 0xff],
  latinextendeda: [0x100, 0x17f],
  latinextendedb: [0x180, 0x24f],
  combiningdiacriticalmarks: [0x300, 0x36f],
  greek: [0x370, 0x3ff],
  greekandcoptic: [0x370, 0x3ff],
  cyrillic: [0x400, 0x4ff],
  armenian: [0x530, 0x58f],
  hebrew: [0x590, 0x5ff],
  arabic: [0x600, 0x6ff],
  devanagari: [0x900, 0x97f],
  thai: [0xe00, 0xe7f],
  generalpunctuation: [0x2000, 0x206f],
  currencysymbols: [0x20a0, 0x20cf],
  letterlikesymbols: [0x2100, 0x214f],
  arrows: [0x2190, 0x21ff],
  mathematicaloperators: [0x2200, 0x22ff],
  boxdrawing: [0x2500, 0x257f],
  dingbats: [0x2700, 0x27bf],
  cjksymbolsandpunctuation: [0x3000, 0x303f],
  hiragana: [0x3040, 0x309f],
  katakana: [0x30a0, 0x30ff],
  cjkunifiedideographs: [0x4e00, 0x9fff],
  hangulsyllables: [0xac00, 0xd7af],
  halfwidthandfullwidthforms: [0xff00, 0xffef],
  emoticons: [0x1f600, 0x1f64f],
};

const block = (name: string): IsMember | null => {
  const range = BLOCKS[name.toLowerCase().replace(/[ _-]/g, '')];
  return range === undefined ? null : inRange(...range);
};

/** Of `\p{key=value}`. */
const keyed = (key: string, value: string): IsMember | null => {
  switch (key.toLowerCase()) {
    case 'sc':
    case 'script':
      return unicode(`\\p{Script=${value}}`);
    case 'blk':
    case 'block':
      return block(value);
    case 'gc':
    case 'general_category':
      return JAVA[value]?.() ?? unicode(`\\p{General_Category=${value}}`);
    default:
      return null;
  }
};

const BINARY = 'Alphabetic Ideographic Lowercase Uppercase White_Space Emoji Emoji_Presentation Extended_Pictographic';
const IS: Record<string, string> = {
  ...Object.fromEntries(BINARY.split(' ').map((name) => [name.toLowerCase(), `\\p{${name}}`])),
  letter: '\\p{L}',
  digit: '\\p{Nd}',
  punctuation: '\\p{P}',
  control: '\\p{Cc}',
  titlecase: '\\p{Lt}',
  assigned: '\\P{Cn}',
  hex_digit: '\\p{Hex_Digit}',
  noncharacter_code_point: '\\p{Noncharacter_Code_Point}',
  join_control: '\\p{Join_Control}',
};

/** Of `\p{IsLatin}`: a binary property, a category or a script. */
const prefixed = (name: string): IsMember | null => {
  const binary = IS[name.toLowerCase()];
  if (binary !== undefined) return known(binary);
  return JAVA[name]?.() ?? (name.length <= 2 ? unicode(`\\p{${name}}`) : unicode(`\\p{Script=${name}}`));
};

/** Categories in which letters differ by case; patterns that disregard case take them as one. */
const CASED: Record<string, true> = { Lu: true, Ll: true, Lt: true, Lower: true, Upper: true };
const CASED_IS = new Set(['lowercase', 'uppercase', 'titlecase', 'lu', 'll', 'lt']);

/** The members of `\p{name}`, or null when there is no such property. */
export const property = (name: string, ignoreCase: boolean): IsMember | null => {
  if (ignoreCase && CASED[name] && POSIX[name] !== undefined) return POSIX.Alpha!;
  if (ignoreCase && (CASED[name] || /^java(Lower|Upper|Title)Case$/.test(name)))
    return known('[\\p{Lu}\\p{Ll}\\p{Lt}]');
  const [key, value] = name.split('=') as [string, string?];
  if (value !== undefined) return keyed(key, value);
  if (name.startsWith('In')) return block(name.slice(2));
  if (name.startsWith('Is')) {
    const bare = name.slice(2);
    if (ignoreCase && CASED_IS.has(bare.toLowerCase())) return known('[\\p{Lu}\\p{Ll}\\p{Lt}]');
    return prefixed(bare);
  }
  return POSIX[name] ?? JAVA[name]?.() ?? (name.length <= 2 ? unicode(`\\p{${name}}`) : null);
};

/** With UNICODE_CHARACTER_CLASS the one-letter sets are those of Unicode. */
export const UNICODE_SETS: Record<string, () => IsMember> = {
  d: () => known('\\p{Nd}'),
  w: () => known('[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]'),
  s: () => known('\\p{White_Space}'),
};

/** The set of `\d`, `\D` and their like, or null when the letter names none. */
export const escapedSet = (letter: string, unicodeClasses: boolean): IsMember | null => {
  const name = letter.toLowerCase();
  const set = (unicodeClasses ? UNICODE_SETS[name]?.() : undefined) ?? ESCAPED_SETS[name];
  if (set === undefined) return null;
  return letter === name ? set : complement(set);
};
