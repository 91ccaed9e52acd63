/** What a backslash begins, wherever it means the same in and out of character classes. */
import { complement } from './character-set.ts';
import type { IsMember } from './character-set.ts';
import type { Flags } from './flags.ts';
import type { PatternText } from './pattern-text.ts';
import { escapedSet, property } from './properties.ts';

const CONTROLS: Record<string, number> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27 };

/** One code point, or a set of them. The backslash and the letter have been read. */
export function parseCharacterEscape(text: PatternText, letter: string, flags: Flags): number | IsMember {
  const set = escapedSet(letter, flags.unicodeClasses);
  if (set !== null) return set;
  if (letter in CONTROLS) return CONTROLS[letter]!;
  switch (letter) {
    case 'p':
    case 'P':
      return parseProperty(text, letter === 'P', flags);
    case 'x':
      return hexadecimal(text);
    case 'u':
      return unicode(text);
    case '0':
      return octal(text);
    case 'c':
      if (text.at >= text.length) throw text.error('Illegal control escape sequence');
      return text.takeRaw() ^ 64;
    default:
      if (/^[a-zA-Z]$/.test(letter)) throw text.error('Illegal/unsupported escape sequence', text.at - 1);
      return letter.codePointAt(0)!;
  }
}

function hexadecimal(text: PatternText): number {
  const found = text.match(/^(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/);
  if (found === null) throw text.error('Illegal hexadecimal escape sequence');
  const code = parseInt(found[1] ?? found[2]!, 16);
  if (code > 0x10ffff) throw text.error('Hexadecimal codepoint is too big');
  return code;
}

/** `\uD83D\uDE00` is one code point. */
function unicode(text: PatternText): number {
  const found = text.match(/^[0-9a-fA-F]{4}/);
  if (found === null) throw text.error('Illegal Unicode escape sequence');
  const unit = parseInt(found[0], 16);
  if (unit < 0xd800 || unit > 0xdbff) return unit;
  const low = text.match(/^\\u(d[c-f][0-9a-f]{2})/i);
  return low === null ? unit : 0x10000 + ((unit - 0xd800) << 10) + parseInt(low[1]!, 16) - 0xdc00;
}

function octal(text: PatternText): number {
  const found = text.match(/^(?:[0-3][0-7]{0,2}|[4-7][0-7]?)/);
  if (found === null) throw text.error('Illegal octal escape sequence');
  return parseInt(found[0], 8);
}

function parseProperty(text: PatternText, negated: boolean, flags: Flags): IsMember {
  const found = text.match(/^(?:\{([^}]*)\}|([a-zA-Z]))/);
  const name = found?.[1] ?? found?.[2];
  if (name === undefined) throw text.error('Unclosed character family');
  const members = property(name, flags.ignoreCase);
  if (members === null) throw text.error(`Unknown character property name {${name}}`);
  return negated ? complement(members) : members;
}
