/** System.Matcher: one pattern applied to one text, or to a region of it. */
import { Input } from '../../regex/index.ts';
import type { Match, Search } from '../../regex/index.ts';
import type { Runtime, StdFactory } from '../types.ts';
import { apexException, NativeObject } from '../values/index.ts';
import { present } from './shared/arguments.ts';
import { groupText, replaceRegex, searchRegex, type PatternObject } from './shared/regex.ts';

export class MatcherObject extends NativeObject {
  pattern: PatternObject;
  regionStart = 0;
  regionEnd: number;
  readonly #runtime: Runtime;
  /** One for the whole life of the text: all searches together may read it so often. */
  #input: Input;
  #match: Match | null = null;
  /** Where the next find() begins. */
  #from = 0;
  #lastEnd = 0;

  constructor($: Runtime, pattern: PatternObject, text: string) {
    super('Matcher');
    this.#runtime = $;
    this.pattern = pattern;
    this.#input = new Input(text);
    this.regionEnd = text.length;
  }

  override held(): readonly unknown[] {
    return [this.text];
  }

  get text(): string {
    return this.#input.text;
  }

  reset(text?: string): this {
    if (text !== undefined) this.#input = new Input(text);
    return this.region(0, this.text.length);
  }

  region(start: number, end: number): this {
    if (start < 0 || end > this.text.length || start > end)
      throw apexException('StringException', `Index out of bounds: ${start < 0 ? start : end}`);
    this.regionStart = start;
    this.regionEnd = end;
    this.#match = null;
    this.#from = start;
    this.#lastEnd = start;
    return this;
  }

  find(from?: number): boolean {
    if (from !== undefined) {
      if (from < 0 || from > this.text.length) throw apexException('StringException', `Illegal start index: ${from}`);
      this.reset();
      this.#from = from;
    }
    if (this.#from > this.regionEnd) return this.#keep(null);
    const found = this.#search({ at: this.#from, lastEnd: this.#lastEnd });
    if (found) {
      this.#lastEnd = found[1]!;
      this.#from = found[1]! + (found[0] === found[1] ? 1 : 0);
    }
    return this.#keep(found);
  }

  matches(): boolean {
    return this.#keep(this.#search({ anchoring: 'whole' }));
  }

  lookingAt(): boolean {
    return this.#keep(this.#search({ anchoring: 'start' }));
  }

  group(index = 0): string | null {
    return groupText(this.text, this.#checked(index), index);
  }

  bound(index: number, side: 0 | 1): number {
    return this.#checked(index)[2 * index + side]!;
  }

  groupCount(): number {
    return this.pattern.regex.groupCount;
  }

  replace(replacement: string, all: boolean): string {
    this.reset();
    return replaceRegex(this.#runtime, this.#input, this.pattern.regex, replacement, all);
  }

  #search(search: Search): Match | null {
    return searchRegex(this.#runtime, this.pattern.regex, this.#input, {
      from: this.regionStart,
      to: this.regionEnd,
      ...search,
    });
  }

  #keep(match: Match | null): boolean {
    this.#match = match;
    return match !== null;
  }

  #checked(index: number): Match {
    if (this.#match === null) throw apexException('StringException', 'No match found');
    if (index < 0 || index > this.groupCount()) throw apexException('StringException', `No group ${index}`);
    return this.#match;
  }
}

const factory: StdFactory = () => ({
  name: 'Matcher',
  s: { quotereplacement: (text: string | null) => present(text).replace(/[\\$]/g, '\\$&') },
  m: {
    matches: (self: MatcherObject) => self.matches(),
    find: (self: MatcherObject, from?: number) => self.find(from),
    lookingat: (self: MatcherObject) => self.lookingAt(),
    group: (self: MatcherObject, index?: number) => self.group(index),
    groupcount: (self: MatcherObject) => self.groupCount(),
    start: (self: MatcherObject, index = 0) => self.bound(index, 0),
    end: (self: MatcherObject, index = 0) => self.bound(index, 1),
    pattern: (self: MatcherObject) => self.pattern,
    usepattern: (self: MatcherObject, pattern: PatternObject | null) =>
      Object.assign(self, { pattern: present(pattern) }),
    region: (self: MatcherObject, start: number, end: number) => self.region(start, end),
    regionstart: (self: MatcherObject) => self.regionStart,
    regionend: (self: MatcherObject) => self.regionEnd,
    reset: (self: MatcherObject, text?: string | null) =>
      text === undefined ? self.reset() : self.reset(present(text)),
    replaceall: (self: MatcherObject, replacement: string | null) => self.replace(present(replacement), true),
    replacefirst: (self: MatcherObject, replacement: string | null) => self.replace(present(replacement), false),
  },
});

export default factory;
