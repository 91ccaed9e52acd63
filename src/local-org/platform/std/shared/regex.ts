/** Translation of the platform's regular expressions (java.util.regex) to JavaScript's, in `v` mode. */
import { apexException } from '../../values/index.ts';

const END = '(?![\\s\\S])';
const LINE_END = '(?:\\r\\n|[\\n\\r\\u0085\\u2028\\u2029])';

/** Escapes outside of classes that mean something else, or nothing, in JavaScript. */
const ESCAPES: Record<string, string> = {
  A: '(?<![\\s\\S])',
  z: END,
  Z: `(?=${LINE_END}?${END})`,
  R: `(?:\\r\\n|[\\n\\v\\f\\r\\u0085\\u2028\\u2029])`,
};

/** Escapes for sets of characters, as class contents without brackets. */
const SETS: Record<string, string> = {
  s: '\\t\\n\\v\\f\\r ',
  h: ' \\t\\xA0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000',
  v: '\\n\\v\\f\\r\\x85\\u2028\\u2029',
  d: '0-9',
  w: 'a-zA-Z_0-9',
};

const POSIX: Record<string, string> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\x00-\\x7F',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Graph: '!-~',
  Print: ' -~',
  Blank: ' \\t',
  Cntrl: '\\x00-\\x1F\\x7F',
  XDigit: '0-9a-fA-F',
  Space: '\\t\\n\\v\\f\\r ',
  javaLowerCase: '\\p{Ll}',
  javaUpperCase: '\\p{Lu}',
  javaWhitespace: '\\s',
};

const CONTROLS: Record<string, string> = { t: '\\t', n: '\\n', r: '\\r', f: '\\f', a: '\\x07', e: '\\x1B' };

const literal = (character: string): string => (/[\^$\\.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character);
/** In a class, the punctuation that may be doubled into an operator must be escaped too. */
const classLiteral = (character: string): string =>
  /[-&!#%,:;<=>@`~]/.test(character) ? `\\${character}` : literal(character);
const unicode = (hex: string): string => `\\u{${hex}}`;

const invalid = (why: string, pattern: string, at: number): Error =>
  apexException('StringException', `Invalid regex: ${why} near index ${at}\n${pattern}`) as unknown as Error;

class Translator {
  readonly #source: string;
  #at = 0;
  #multiline = false;

  constructor(source: string) {
    this.#source = source;
  }

  translate(): string {
    const text = this.#sequence();
    if (this.#at < this.#source.length) throw invalid("Unmatched closing ')'", this.#source, this.#at);
    return text;
  }

  /** Everything up to the end or to the parenthesis that closes the group. */
  #sequence(): string {
    let out = '';
    let open = 0;
    while (this.#at < this.#source.length && this.#source[this.#at] !== ')') {
      const flags = /^\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?\)/.exec(this.#source.slice(this.#at));
      if (flags) {
        this.#at += flags[0].length;
        const group = this.#flagGroup(flags[1] ?? '', flags[2] ?? '');
        if (group === null) continue;
        // Flags in the middle hold to the end of the enclosing group.
        out += group;
        open++;
      } else out += this.#atom();
    }
    return out + ')'.repeat(open);
  }

  #flagGroup(on: string, off: string): string | null {
    this.#rejectFlags(on + off);
    if (on.includes('m')) this.#multiline = true;
    if (off.includes('m')) this.#multiline = false;
    const keep = (flags: string): string => flags.replace(/[^ims]/g, '');
    if (keep(on) + keep(off) === '') return null;
    return `(?${keep(on)}${keep(off) === '' ? '' : `-${keep(off)}`}:`;
  }

  #rejectFlags(flags: string): void {
    if (/[xd]/.test(flags)) throw invalid(`Flag not supported by the local org: ${flags}`, this.#source, this.#at);
  }

  #atom(): string {
    const character = this.#take();
    switch (character) {
      case '\\':
        return this.#escape();
      case '[':
        return this.#class();
      case '(':
        return this.#group();
      case '$':
        return this.#multiline ? '$' : `(?=${LINE_END}?${END})`;
      case '*':
      case '+':
      case '?':
        return this.#quantifier(character);
      case '{':
        return this.#braces();
      case '^':
      case '.':
      case '|':
        return character;
      default:
        return literal(character);
    }
  }

  #quantifier(text: string): string {
    if (this.#source[this.#at] === '+')
      throw invalid('Possessive quantifiers are not supported by the local org', this.#source, this.#at);
    if (this.#source[this.#at] === '?') return text + this.#take();
    return text;
  }

  #braces(): string {
    const match = /^\d+(?:,\d*)?\}/.exec(this.#source.slice(this.#at));
    if (!match) throw invalid('Illegal repetition', this.#source, this.#at - 1);
    this.#at += match[0].length;
    return this.#quantifier(`{${match[0]}`);
  }

  #group(): string {
    const head = /^\?(?:[:=!>]|<[=!]|<([a-zA-Z][a-zA-Z0-9]*)>|([a-zA-Z]*)(?:-([a-zA-Z]+))?:)/.exec(
      this.#source.slice(this.#at),
    );
    if (head?.[0] === '?>') throw invalid('Atomic groups are not supported by the local org', this.#source, this.#at);
    let opening = '(';
    if (head) {
      this.#at += head[0].length;
      opening += head[0];
      this.#rejectFlags((head[2] ?? '') + (head[3] ?? ''));
    }
    const body = this.#sequence();
    if (this.#take() !== ')') throw invalid('Unclosed group', this.#source, this.#source.length);
    return `${opening}${body})`;
  }

  #escape(): string {
    const character = this.#take();
    if (character === '') throw invalid('Unexpected internal error', this.#source, this.#at);
    if (character === 'Q') return Array.from(this.#quoted(), literal).join('');
    if (character === 'k') {
      const name = /^<[a-zA-Z][a-zA-Z0-9]*>/.exec(this.#source.slice(this.#at))?.[0];
      if (name === undefined)
        throw invalid("\\k is not followed by '<' for named capturing group", this.#source, this.#at);
      this.#at += name.length;
      return `\\k${name}`;
    }
    if (/[1-9]/.test(character)) return `(?:\\${character})`;
    if (character === 'b' || character === 'B') return `\\${character}`;
    if (character === 'G') throw invalid('\\G is not supported by the local org', this.#source, this.#at);
    return ESCAPES[character] ?? this.#characterEscape(character, literal);
  }

  /** Escapes that stand for one character or a set; valid in and out of classes. */
  #characterEscape(character: string, plain: (character: string) => string): string {
    const lower = character.toLowerCase();
    if (SETS[lower] !== undefined) return `[${character === lower ? '' : '^'}${SETS[lower]}]`;
    if (lower === 'p') return this.#property(character === 'P');
    if (CONTROLS[character] !== undefined) return CONTROLS[character];
    const rest = this.#source.slice(this.#at);
    const code =
      character === 'x'
        ? /^(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/.exec(rest)
        : character === 'u'
          ? /^([0-9a-fA-F]{4})/.exec(rest)
          : null;
    if (code) {
      this.#at += code[0].length;
      return unicode(code[1] ?? code[2]!);
    }
    const octal = character === '0' ? /^[0-3]?[0-7]{1,2}/.exec(rest) : null;
    if (octal) {
      this.#at += octal[0].length;
      return unicode(parseInt(octal[0], 8).toString(16));
    }
    if (character === 'c') return unicode((this.#take().charCodeAt(0) ^ 64).toString(16));
    if (/[a-zA-Z]/.test(character)) throw invalid('Illegal/unsupported escape sequence', this.#source, this.#at - 1);
    return plain(character);
  }

  #property(negated: boolean): string {
    const match = /^(?:\{([^}]+)\}|([A-Z]))/.exec(this.#source.slice(this.#at));
    if (!match) throw invalid('Unknown character property', this.#source, this.#at);
    this.#at += match[0].length;
    const name = match[1] ?? match[2]!;
    const set = POSIX[name];
    if (set !== undefined) return `[${negated ? '^' : ''}${set}]`;
    return `\\${negated ? 'P' : 'p'}{${unicodeProperty(name)}}`;
  }

  #quoted(): string {
    const end = this.#source.indexOf('\\E', this.#at);
    const text = this.#source.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#source.length : end + 2;
    return text;
  }

  /** A class; unions nest, intersections become intersections of nested classes. */
  #class(): string {
    const negated = this.#source[this.#at] === '^' && this.#take() === '^';
    const operands: string[] = [];
    let members = '';
    for (let first = true; ; first = false) {
      const character = this.#take();
      if (character === '') throw invalid('Unclosed character class', this.#source, this.#source.length - 1);
      if (character === ']' && !first) break;
      if (character === '&' && this.#source[this.#at] === '&') {
        this.#take();
        operands.push(members);
        members = '';
      } else members += this.#classMember(character);
    }
    operands.push(members);
    const body = operands.length === 1 ? members : operands.map((operand) => `[${operand}]`).join('&&');
    return `[${negated ? '^' : ''}${body}]`;
  }

  #classMember(character: string): string {
    if (character === '[') return this.#class();
    const low = this.#classCharacter(character);
    const next = this.#source[this.#at + 1];
    if (this.#source[this.#at] !== '-' || next === undefined || next === ']' || next === '[' || low.startsWith('['))
      return low;
    this.#take();
    return `${low}-${this.#classCharacter(this.#take())}`;
  }

  #classCharacter(character: string): string {
    if (character !== '\\') return classLiteral(character);
    const escaped = this.#take();
    if (escaped === 'Q') return Array.from(this.#quoted(), classLiteral).join('');
    return this.#characterEscape(escaped, classLiteral);
  }

  #take(): string {
    const code = this.#source.codePointAt(this.#at);
    if (code === undefined) return '';
    const character = String.fromCodePoint(code);
    this.#at += character.length;
    return character;
  }
}

/** `IsAlphabetic`, `IsLatin`, `script=Latin`, `general_category=Lu`, `L` in JavaScript's spelling. */
const unicodeProperty = (name: string): string => {
  const [key, value] = name.split('=') as [string, string?];
  if (value !== undefined) return /^(sc|script)$/i.test(key) ? `Script=${value}` : `General_Category=${value}`;
  if (!name.startsWith('Is')) return name;
  const bare = name.slice(2);
  if (/^(Alphabetic|Uppercase|Lowercase|White_Space|Ideographic|Emoji)$/.test(bare)) return bare;
  return bare.length <= 2 ? bare : `Script=${bare}`;
};

/** A JavaScript expression that matches what the given one matches on the platform; StringException when it is malformed. */
export const translateRegex = (pattern: string, flags = ''): RegExp => {
  const translated = new Translator(pattern).translate();
  try {
    return new RegExp(translated, `v${/\(\?[a-z]*m/.test(pattern) ? 'm' : ''}${flags}`);
  } catch (error) {
    throw apexException('StringException', `Invalid regex: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** A replacement text of the platform (`$1`, `${name}`, `\$`) applied to one match. */
export const expandReplacement = (replacement: string, match: RegExpExecArray): string =>
  replacement.replace(
    /\\([\s\S])|\$(\d)|\$\{([a-zA-Z][a-zA-Z0-9]*)\}/g,
    (_, escaped?: string, digit?: string, name?: string) => {
      if (escaped !== undefined) return escaped;
      if (digit !== undefined) {
        if (Number(digit) >= match.length) throw apexException('StringException', `No group ${digit}`);
        return match[Number(digit)] ?? '';
      }
      return match.groups?.[name!] ?? '';
    },
  );

/** Replaces the first or all matches. */
export const replaceRegex = (text: string, regex: RegExp, replacement: string, all: boolean): string => {
  const search = new RegExp(regex.source, all ? `${regex.flags.replace('g', '')}g` : regex.flags.replace('g', ''));
  return text.replace(search, (...found: unknown[]) => {
    const groups = typeof found.at(-1) === 'object' ? (found.at(-1) as Record<string, string>) : undefined;
    const captures = found.slice(
      0,
      found.findIndex((part, i) => i > 0 && typeof part === 'number'),
    );
    return expandReplacement(replacement, Object.assign(captures, { groups }) as unknown as RegExpExecArray);
  });
};

/** String.split: no limit or 0 drops trailing empty parts, a positive limit bounds the parts, a negative one keeps all. */
export const splitRegex = (text: string, regex: RegExp, limit: number): string[] => {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(new RegExp(regex.source, `${regex.flags.replace('g', '')}g`))) {
    if (limit > 0 && parts.length === limit - 1) break;
    // A match without width at the beginning makes no empty first part.
    if (match.index === 0 && match[0] === '') continue;
    if (match[0] === '' && match.index === text.length) continue;
    parts.push(text.slice(from, match.index));
    from = match.index + match[0].length;
  }
  if (parts.length === 0) return [text];
  parts.push(text.slice(from));
  if (limit === 0) while (parts.length > 0 && parts.at(-1) === '') parts.pop();
  return parts;
};
