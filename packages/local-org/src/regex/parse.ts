/** Parses a pattern in the syntax of java.util.regex, which is that of Apex. */
import { CharacterSet, hasCase, isLineEnd, rangeOf } from './character-set.ts';
import type { IsMember } from './character-set.ts';
import { caseRule, NO_FLAGS, withFlags } from './flags.ts';
import type { Flags } from './flags.ts';
import { widthOf } from './width.ts';
import { parseClass } from './parse-class.ts';
import { parseCharacterEscape } from './parse-escape.ts';
import { PatternText } from './pattern-text.ts';
import { COMMON_SETS } from './properties.ts';
import type { Anchor, Mode, ParsedRegex, RegexNode } from './types.ts';

/** Groups and classes within each other; deeper patterns are refused before they end the stack. */
const MAX_DEPTH = 500;
const MAX_COUNT = 2 ** 31 - 1;

const NOTHING: RegexNode = { type: 'sequence', items: [] };

const ANCHORS: Record<string, Anchor> = {
  A: 'inputStart',
  z: 'inputEnd',
  b: 'wordBoundary',
  B: 'noWordBoundary',
  G: 'lastMatchEnd',
};

export function parseRegex(pattern: string): ParsedRegex {
  return new Parser(pattern).parse();
}

class Parser {
  readonly #text: PatternText;
  #flags: Flags = { ...NO_FLAGS };
  #groupCount = 0;
  readonly #groupNames = new Map<string, number>();
  #depth = 0;

  constructor(pattern: string) {
    this.#text = new PatternText(pattern);
  }

  parse(): ParsedRegex {
    const root = this.#choice();
    if (!this.#text.ended) throw this.#text.error("Unmatched closing ')'", this.#text.at - 1);
    return { root, groupCount: this.#groupCount, groupNames: this.#groupNames };
  }

  /** Alternatives, up to the end or to the parenthesis that closes the group. */
  #choice(): RegexNode {
    if (++this.#depth > MAX_DEPTH) throw this.#text.error('Pattern is nested too deeply');
    const options = [this.#sequence()];
    while (this.#text.accept('|')) options.push(this.#sequence());
    this.#depth--;
    return options.length === 1 ? options[0]! : { type: 'choice', options };
  }

  #sequence(): RegexNode {
    const items: RegexNode[] = [];
    for (;;) {
      if (this.#text.ended || this.#text.peek() === '|' || this.#text.peek() === ')') break;
      const atom = this.#atom();
      if (atom !== null) items.push(this.#quantified(atom));
    }
    return items.length === 1 ? items[0]! : { type: 'sequence', items };
  }

  /** Null for flags, which match nothing and cannot be repeated. */
  #atom(): RegexNode | null {
    const text = this.#text;
    const { at } = text;
    switch (text.peek()) {
      case '(':
        text.take();
        return this.#group();
      case '[':
        text.take();
        return setNode(parseClass(text, this.#flags));
      case '\\':
        text.take();
        return this.#escape();
      case '.':
        text.take();
        return this.#dot();
      case '^':
        text.take();
        return this.#lineStart();
      case '$':
        text.take();
        return this.#dollar();
      case '*':
      case '+':
      case '?':
        throw text.error(`Dangling meta character '${text.peek()}'`, at);
      case '{':
        // Java repeats nothing here: `a{2}{3}` is `a{2}`.
        return NOTHING;
      default:
        return this.#character(text.takeCode());
    }
  }

  #quantified(body: RegexNode): RegexNode {
    const text = this.#text;
    switch (text.peek()) {
      case '*':
        text.take();
        return this.#repeat(body, 0, Infinity);
      case '+':
        text.take();
        return this.#repeat(body, 1, Infinity);
      case '?':
        text.take();
        return this.#repeat(body, 0, 1);
      case '{':
        return this.#counted(body);
      default:
        return body;
    }
  }

  #counted(body: RegexNode): RegexNode {
    const { at } = this.#text;
    const found = this.#text.match(/^\{(\d+)(,?)(\d*)\}/);
    if (found === null) {
      const begun = this.#text.match(/^\{\d+/);
      throw this.#text.error(
        begun === null ? 'Illegal repetition' : 'Unclosed counted closure',
        begun ? undefined : at,
      );
    }
    const min = Number(found[1]);
    const open = found[2] === ',' && found[3] === '' ? Infinity : Number(found[3]);
    const max = found[2] === '' ? min : open;
    if (min > MAX_COUNT || max < min || (max !== Infinity && max > MAX_COUNT))
      throw this.#text.error('Illegal repetition range', at + 1);
    return this.#repeat(body, min, max);
  }

  #repeat(body: RegexNode, min: number, max: number): RegexNode {
    let mode: Mode = 'greedy';
    if (this.#text.accept('?')) mode = 'lazy';
    else if (this.#text.accept('+')) mode = 'possessive';
    return { type: 'repeat', body, min, max, mode };
  }

  #group(): RegexNode | null {
    const text = this.#text;
    const outer = this.#flags;
    if (text.peek() !== '?') {
      const index = ++this.#groupCount;
      return { type: 'group', index, body: this.#inner(outer) };
    }
    const name = text.match(/^\?<([a-zA-Z][a-zA-Z0-9]*)>/)?.[1];
    if (name !== undefined) {
      if (this.#groupNames.has(name)) throw text.error(`Named capturing group <${name}> is already defined`);
      const index = ++this.#groupCount;
      this.#groupNames.set(name, index);
      return { type: 'group', index, body: this.#inner(outer) };
    }
    const head = text.match(/^\?(:|>|=|!|<=|<!)/)?.[1];
    if (head === undefined) return this.#flagGroup();
    const { at } = text;
    const body = this.#inner(outer);
    if (head === ':') return { type: 'group', index: null, body };
    if (head === '>') return { type: 'atomic', body };
    const behind = head.startsWith('<');
    if (behind && widthOf(body).max === Infinity)
      throw text.error('Look-behind group does not have an obvious maximum length', at);
    return { type: 'look', behind, negative: head.endsWith('!'), body };
  }

  /** The content of a group and its end. Flags that it sets hold to its end only. */
  #inner(flagsBehind: Flags): RegexNode {
    this.#setFlags(this.#flags);
    const body = this.#choice();
    this.#setFlags(flagsBehind);
    // The parenthesis may stand behind what only the outer flags make a comment.
    if (!this.#text.accept(')')) throw this.#text.error('Unclosed group', this.#text.length);
    return body;
  }

  /** `(?i)` and `(?i-s:…)`. */
  #flagGroup(): RegexNode | null {
    const text = this.#text;
    const outer = this.#flags;
    const found = text.match(/^\?([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])/);
    const on = found && withFlags(outer, found[1]!, true);
    const flags = on && withFlags(on, found[2] ?? '', false);
    if (flags === null) throw text.error('Unknown inline modifier', text.at + 1);
    this.#setFlags(flags);
    if (found![3] === ')') return null;
    return { type: 'group', index: null, body: this.#inner(outer) };
  }

  #setFlags(flags: Flags): void {
    this.#flags = flags;
    this.#text.comments = flags.comments;
  }

  #escape(): RegexNode {
    const text = this.#text;
    if (text.at >= text.length) throw text.error('Unexpected internal error', text.length);
    const letter = String.fromCodePoint(text.takeRaw());
    if (/^[1-9]$/.test(letter)) return this.#reference(Number(letter));
    switch (letter) {
      case 'k':
        return this.#namedReference();
      case 'R':
        return LINE_BREAK;
      case 'X':
        return { type: 'grapheme' };
      case 'Z':
        return { type: 'anchor', anchor: this.#flags.unixLines ? 'lastLineEndUnix' : 'lastLineEnd' };
      case 'b':
        if (text.match(/^\{g\}/)) return { type: 'anchor', anchor: 'graphemeBoundary' };
    }
    const anchor = ANCHORS[letter];
    if (anchor !== undefined) return { type: 'anchor', anchor };
    const common = this.#flags.unicodeClasses ? undefined : COMMON_SETS.get(letter);
    if (common !== undefined) return { type: 'set', set: common };
    const escaped = parseCharacterEscape(text, letter, this.#flags);
    return typeof escaped === 'number' ? this.#character(escaped) : setNode(escaped);
  }

  /** More digits belong to the number as long as there are so many groups. */
  #reference(first: number): RegexNode {
    let group = first;
    for (let digit; (digit = /^\d$/.exec(this.#text.peek()));) {
      const longer = group * 10 + Number(digit[0]);
      if (longer > this.#groupCount) break;
      group = longer;
      this.#text.take();
    }
    return { type: 'reference', group, rule: caseRule(this.#flags) };
  }

  #namedReference(): RegexNode {
    const name = this.#text.match(/^<([a-zA-Z][a-zA-Z0-9]*)>/)?.[1];
    if (name === undefined) throw this.#text.error("\\k is not followed by '<' for named capturing group");
    const group = this.#groupNames.get(name);
    if (group === undefined) throw this.#text.error(`named capturing group <${name}> does not exist`);
    return { type: 'reference', group, rule: caseRule(this.#flags) };
  }

  #dot(): RegexNode {
    const { dotAll, unixLines } = this.#flags;
    if (dotAll) return EVERYTHING;
    return unixLines ? ALL_BUT_LINE_FEED : ALL_BUT_LINE_ENDS;
  }

  #lineStart(): RegexNode {
    const { multiline, unixLines } = this.#flags;
    if (!multiline) return { type: 'anchor', anchor: 'inputStart' };
    return { type: 'anchor', anchor: unixLines ? 'lineStartUnix' : 'lineStart' };
  }

  #dollar(): RegexNode {
    const { multiline, unixLines } = this.#flags;
    if (multiline) return { type: 'anchor', anchor: unixLines ? 'lineEndUnix' : 'lineEnd' };
    return { type: 'anchor', anchor: unixLines ? 'lastLineEndUnix' : 'lastLineEnd' };
  }

  #character(code: number): RegexNode {
    const rule = caseRule(this.#flags);
    const isHalf = code >= 0xd800 && code <= 0xdfff;
    if (hasCase(code, rule) || isHalf) return setNode(rangeOf(code, code, rule));
    if (code <= 0xffff) return { type: 'unit', unit: code };
    const units = String.fromCodePoint(code);
    return {
      type: 'sequence',
      items: [0, 1].map((i): RegexNode => ({ type: 'unit', unit: units.charCodeAt(i) })),
    };
  }
}

const setNode = (members: IsMember): RegexNode => ({ type: 'set', set: new CharacterSet(members) });

/** What `.` matches. */
const EVERYTHING = setNode(() => true);
const ALL_BUT_LINE_ENDS = setNode((code) => !isLineEnd(code, false));
const ALL_BUT_LINE_FEED = setNode((code) => !isLineEnd(code, true));

/** `\R`: both characters of a Windows line end, or any line end. */
const LINE_BREAK: RegexNode = {
  type: 'choice',
  options: [
    { type: 'sequence', items: [13, 10].map((unit): RegexNode => ({ type: 'unit', unit })) },
    setNode((code) => (code >= 10 && code <= 13) || code === 0x85 || code === 0x2028 || code === 0x2029),
  ],
};
