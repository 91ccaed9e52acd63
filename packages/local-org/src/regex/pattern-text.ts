/** The text of a pattern, read code point by code point; `\Q…\E` is resolved, comments are skipped. */
import { RegexSyntaxError } from './types.ts';

const QUOTE = 0x100_0000;

/** Code points of the pattern; those between \Q and \E stand for themselves, which QUOTE marks. */
const unquoted = (pattern: string): number[] => {
  const codes = Array.from(pattern, (character) => character.codePointAt(0)!);
  const [backslash, q, e] = [92, 81, 69];
  const out: number[] = [];
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] !== backslash || codes[i + 1] !== q) {
      out.push(codes[i]!);
      // What is escaped begins nothing.
      if (codes[i] === backslash && i + 1 < codes.length) out.push(codes[++i]!);
      continue;
    }
    for (i += 2; i < codes.length; i++) {
      if (codes[i] === backslash && codes[i + 1] === e) break;
      out.push(codes[i]! | QUOTE);
    }
    i++;
  }
  return out;
};

export class PatternText {
  readonly #codes: number[];
  at = 0;
  /** With the flag `x`, white space and comments mean nothing. */
  comments = false;

  constructor(pattern: string) {
    this.#codes = unquoted(pattern);
  }

  get length(): number {
    return this.#codes.length;
  }

  get ended(): boolean {
    this.skip();
    return this.at >= this.#codes.length;
  }

  /** The character here as text if it has a meaning of its own, '' at the end and for a quoted one. */
  peek(ahead = 0): string {
    if (ahead === 0) this.skip();
    return this.#text(this.at + ahead);
  }

  /** Like `peek`, and goes on behind it. */
  take(): string {
    const text = this.peek();
    this.at++;
    return text;
  }

  /** The code point here, quoted or not; goes on behind it. */
  takeCode(): number {
    this.skip();
    return this.takeRaw();
  }

  /** Like `takeCode`, white space included. */
  takeRaw(): number {
    const code = this.#codes[this.at++];
    if (code === undefined) throw this.error('Unexpected end of the pattern');
    return code & ~QUOTE;
  }

  /** Takes the character if it is here. */
  accept(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at++;
    return true;
  }

  /** Takes what the expression matches here, all of it with meanings of its own; null when it does not. */
  match(expression: RegExp): RegExpExecArray | null {
    let text = '';
    // No construct of the syntax that is read in one go is longer.
    for (let i = this.at; i < this.at + 80 && i < this.#codes.length; i++) text += this.#text(i) || '\0';
    const found = expression.exec(text);
    if (found !== null) this.at += Array.from(found[0]).length;
    return found;
  }

  error(description: string, at = this.at): RegexSyntaxError {
    return new RegexSyntaxError(description, Math.min(at, this.#codes.length));
  }

  /** Passes white space and comments, if they mean nothing. */
  skip(): void {
    if (!this.comments) return;
    for (;;) {
      const text = this.#text(this.at);
      if (/^[ \t-\r]$/.test(text)) this.at++;
      else if (text === '#') {
        while (this.at < this.#codes.length && !/^[\n\r\u0085\u2028\u2029]$/.test(this.#text(this.at))) this.at++;
      } else return;
    }
  }

  #text(at: number): string {
    const code = this.#codes[at];
    return code === undefined || code >= QUOTE ? '' : String.fromCodePoint(code);
  }
}
