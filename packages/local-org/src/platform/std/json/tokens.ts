/** JSON text to tokens, lazily: an error is met when it is reached, with its line and column. */
import { apexException, type ApexException } from '../../values/index.ts';

export type TokenKind =
  | 'START_OBJECT'
  | 'END_OBJECT'
  | 'START_ARRAY'
  | 'END_ARRAY'
  | 'FIELD_NAME'
  | 'VALUE_STRING'
  | 'VALUE_NUMBER_INT'
  | 'VALUE_NUMBER_FLOAT'
  | 'VALUE_TRUE'
  | 'VALUE_FALSE'
  | 'VALUE_NULL';

export interface Token {
  kind: TokenKind;
  /** Strings unescaped, numbers as written, `true`, `{`. */
  text: string;
  /** Where the token begins: offset in the text. */
  at: number;
}

const ESCAPED: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', '/': '/' };
const WORDS = { true: 'VALUE_TRUE', false: 'VALUE_FALSE', null: 'VALUE_NULL' } as const;
const ANY_VALUE = "expected a valid value (number, String, array, object, 'true', 'false' or 'null')";

/** Code units that a string has as they are: no control character, quote or backslash, and not the end of the text. */
const isPlain = (unit: number): boolean => unit >= 32 && unit !== 34 && unit !== 92;

/** What may come next: a value, a name (or the end of the object), a separator, nothing. */
type Expectation = 'value' | 'first' | 'name' | 'separator' | 'end';

export class Tokenizer {
  readonly #text: string;
  #at = 0;
  #open: ('OBJECT' | 'ARRAY')[] = [];
  #expects: Expectation = 'value';

  constructor(text: string) {
    this.#text = text;
  }

  /** The next token, or null at the end of the text. */
  next(): Token | null {
    this.#skipSpace();
    if (this.#expects === 'separator') this.#separator();
    if (this.#expects === 'end') return null;
    const character = this.#text[this.#at];
    if (character === undefined) {
      if (this.#open.length === 0) return null;
      throw this.error(`Unexpected end-of-input within/between ${this.#open.at(-1)} entries`);
    }
    const closing = this.#expects !== 'name' && this.#closes(character);
    if (closing) return closing;
    if (this.#open.at(-1) === 'OBJECT' && this.#expects !== 'value') return this.#name(character);
    return this.#value(character);
  }

  /** A JSONException at an offset; by default just behind the character that was read last. */
  error(message: string, at = this.#at + 1): ApexException {
    const before = this.#text.slice(0, Math.min(at, this.#text.length + 1));
    const line = before.split('\n').length;
    const column = at - (before.lastIndexOf('\n') + 1) + 1;
    return apexException('JSONException', `${message} at [line:${line}, column:${column}]`);
  }

  #unexpected(expected: string): ApexException {
    const code = this.#text.codePointAt(this.#at)!;
    return this.error(`Unexpected character ('${String.fromCodePoint(code)}' (code ${code})): ${expected}`);
  }

  #skipSpace(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  /** After a value: a comma, or the end of what is open. */
  #separator(): void {
    const inside = this.#open.at(-1);
    if (inside === undefined) {
      this.#expects = 'end';
      return;
    }
    const character = this.#text[this.#at];
    if (character === ',') {
      this.#at++;
      this.#skipSpace();
      this.#expects = inside === 'OBJECT' ? 'name' : 'value';
    } else if (character !== undefined && character !== (inside === 'OBJECT' ? '}' : ']')) {
      throw this.#unexpected(`was expecting comma to separate ${inside} entries`);
    } else this.#expects = 'first';
  }

  #closes(character: string): Token | null {
    const inside = this.#open.at(-1);
    if (this.#expects !== 'first' || inside === undefined || character !== (inside === 'OBJECT' ? '}' : ']'))
      return null;
    this.#open.pop();
    this.#expects = 'separator';
    return { kind: `END_${inside}`, text: character, at: this.#at++ };
  }

  #name(character: string): Token {
    if (character !== '"') throw this.#unexpected('was expecting double-quote to start field name');
    const at = this.#at;
    const text = this.#string();
    this.#skipSpace();
    if (this.#text[this.#at] !== ':') {
      throw this.#at < this.#text.length
        ? this.#unexpected('was expecting a colon to separate field name and value')
        : this.error('Unexpected end-of-input within/between OBJECT entries');
    }
    this.#at++;
    this.#expects = 'value';
    return { kind: 'FIELD_NAME', text, at };
  }

  #value(character: string): Token {
    const at = this.#at;
    if (character === '{' || character === '[') {
      const inside = character === '{' ? 'OBJECT' : 'ARRAY';
      this.#open.push(inside);
      this.#expects = 'first';
      this.#at++;
      return { kind: `START_${inside}`, text: character, at };
    }
    this.#expects = 'separator';
    if (character === '"') return { kind: 'VALUE_STRING', text: this.#string(), at };
    const number = /^-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/.exec(this.#text.slice(at, at + 400));
    if (number) {
      this.#at += number[0].length;
      return {
        kind: (number[1] ?? number[2]) === undefined ? 'VALUE_NUMBER_INT' : 'VALUE_NUMBER_FLOAT',
        text: number[0],
        at,
      };
    }
    return this.#word(at);
  }

  #word(at: number): Token {
    const word = /^[A-Za-z_$][\w$]*/.exec(this.#text.slice(at))?.[0];
    if (word === undefined) throw this.#unexpected(ANY_VALUE);
    if (!Object.hasOwn(WORDS, word)) {
      this.#at += word.length - 1;
      throw this.error(`Unrecognized token '${word}': was expecting 'null', 'true', 'false' or NaN`);
    }
    this.#at += word.length;
    return { kind: WORDS[word as keyof typeof WORDS], text: word, at };
  }

  #string(): string {
    let out = '';
    for (this.#at++; ; this.#at++) {
      const from = this.#at;
      while (isPlain(this.#text.charCodeAt(this.#at))) this.#at++;
      out += this.#text.slice(from, this.#at);
      const character = this.#text[this.#at];
      if (character === undefined) throw this.error('Unexpected end-of-input in VALUE_STRING');
      if (character === '"') break;
      if (character !== '\\')
        throw this.error(
          `Illegal unquoted character ((CTRL-CHAR, code ${character.charCodeAt(0)})): has to be escaped using backslash to be included in string value`,
        );
      out += this.#escaped();
    }
    this.#at++;
    return out;
  }

  #escaped(): string {
    const character = this.#text[++this.#at] ?? '';
    if (character !== 'u') {
      if (ESCAPED[character] === undefined)
        throw this.error(`Unrecognized character escape '${character}' (code ${character.charCodeAt(0)})`);
      return ESCAPED[character];
    }
    const hex = this.#text.slice(this.#at + 1, this.#at + 5);
    if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw this.error('expected a hex-digit for character escape sequence');
    this.#at += 4;
    return String.fromCharCode(parseInt(hex, 16));
  }
}
