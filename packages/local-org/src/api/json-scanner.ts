/**
 * Finds places in a JSON text, which JSON.parse does not tell: where a value begins, and where the
 * text stops being JSON. Runs only when there is an error to report.
 */

/** Steps from the root of a document to a value. */
export type JsonPath = (string | number)[];

const SPACE = /\s*/y;
const SCALAR =
  /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

class Stop extends Error {
  readonly offset: number;
  constructor(offset: number) {
    super();
    this.offset = offset;
  }
}

class Scanner {
  readonly #text: string;
  readonly #wanted: string | null;
  #offset = 0;

  constructor(text: string, wanted: JsonPath | null) {
    this.#text = text;
    this.#wanted = wanted && JSON.stringify(wanted);
  }

  document(): void {
    this.#value([]);
    this.#skip(SPACE);
    if (this.#offset < this.#text.length) throw new Stop(this.#offset);
  }

  #value(path: JsonPath): void {
    this.#skip(SPACE);
    if (this.#wanted === JSON.stringify(path)) throw new Stop(this.#offset);
    if (this.#text[this.#offset] === '{') this.#members(path);
    else if (this.#text[this.#offset] === '[') this.#elements(path);
    else this.#scalar();
  }

  #members(path: JsonPath): void {
    this.#list('}', () => {
      this.#skip(SPACE);
      if (this.#text[this.#offset] !== '"') throw new Stop(this.#offset);
      const key = JSON.parse(this.#scalar()) as string;
      this.#expect(':');
      this.#value([...path, key]);
    });
  }

  #elements(path: JsonPath): void {
    let index = 0;
    this.#list(']', () => this.#value([...path, index++]));
  }

  #list(end: string, item: () => void): void {
    this.#offset++;
    this.#skip(SPACE);
    if (this.#text[this.#offset] !== end) {
      item();
      for (this.#skip(SPACE); this.#text[this.#offset] === ','; this.#skip(SPACE)) {
        this.#offset++;
        item();
      }
    }
    this.#expect(end);
  }

  #expect(character: string): void {
    this.#skip(SPACE);
    if (this.#text[this.#offset] !== character) throw new Stop(this.#offset);
    this.#offset++;
  }

  #scalar(): string {
    const start = this.#offset;
    this.#skip(SCALAR);
    if (this.#offset === start) throw new Stop(start);
    return this.#text.slice(start, this.#offset);
  }

  #skip(pattern: RegExp): void {
    pattern.lastIndex = this.#offset;
    const match = pattern.exec(this.#text);
    if (match) this.#offset += match[0].length;
  }
}

/** Offset of the value at `path`, or with null of the first syntax error; -1 when there is none. */
const scan = (text: string, path: JsonPath | null): number => {
  try {
    new Scanner(text, path).document();
    return -1;
  } catch (error) {
    if (error instanceof Stop) return error.offset;
    throw error;
  }
};

/** `[line:1, column:13]`, both counted from 1. */
const place = (text: string, offset: number): string => {
  const before = text.slice(0, offset).split('\n');
  return `[line:${before.length}, column:${before.at(-1)!.length + 1}]`;
};

/** Where the value at `path` begins in a well-formed document: `[line:1, column:13]`. */
export const placeOf = (text: string, path: JsonPath): string => place(text, Math.max(0, scan(text, path)));

/** What is wrong with a malformed document, in the words of Salesforce's parser. */
export const describeSyntaxError = (text: string): string => {
  const offset = scan(text, null);
  if (offset < 0 || offset >= text.length) return `Unexpected end-of-input at ${place(text, text.length)}`;
  const character = String.fromCodePoint(text.codePointAt(offset)!);
  return `Unexpected character ('${character}' (code ${character.codePointAt(0)})) at ${place(text, offset)}`;
};
