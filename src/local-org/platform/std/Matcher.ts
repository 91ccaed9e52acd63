/** System.Matcher: one pattern applied to one text, or to a region of it. */
import type { StdFactory } from '../types.ts';
import { apexException, NativeObject } from '../values/index.ts';
import type { PatternObject } from './Pattern.ts';
import { present } from './shared/arguments.ts';
import { expandReplacement } from './shared/regex.ts';

export class MatcherObject extends NativeObject {
  pattern: PatternObject;
  text: string;
  regionStart = 0;
  regionEnd: number;
  #match: RegExpExecArray | null = null;
  /** Where the next find() begins, within the region. */
  #from = 0;

  constructor(pattern: PatternObject, text: string) {
    super('Matcher');
    this.pattern = pattern;
    this.text = text;
    this.regionEnd = text.length;
  }

  reset(text = this.text): this {
    this.text = text;
    return this.region(0, text.length);
  }

  region(start: number, end: number): this {
    if (start < 0 || end > this.text.length || start > end)
      throw apexException('StringException', `Index out of bounds: ${start < 0 ? start : end}`);
    this.regionStart = start;
    this.regionEnd = end;
    this.#match = null;
    this.#from = 0;
    return this;
  }

  find(from?: number): boolean {
    if (from !== undefined) {
      if (from < 0 || from > this.text.length) throw apexException('StringException', `Illegal start index: ${from}`);
      this.reset();
      this.#from = from;
    }
    const { text } = this;
    if (this.#from > this.regionEnd - this.regionStart) return this.#keep(null);
    const found = this.#run(this.pattern.regex.source, 'g', this.#from, text);
    if (found) this.#from = found.index + found[0].length + (found[0] === '' ? 1 : 0);
    return this.#keep(found);
  }

  matches(): boolean {
    return this.#keep(this.#run(`(?:${this.pattern.regex.source})(?![\\s\\S])`, 'y', 0, this.text));
  }

  lookingAt(): boolean {
    return this.#keep(this.#run(this.pattern.regex.source, 'y', 0, this.text));
  }

  group(index = 0): string | null {
    this.#checked(index);
    return this.#match![index] ?? null;
  }

  bound(index: number, side: 0 | 1): number {
    this.#checked(index);
    const range = this.#match!.indices![index];
    return range ? range[side] + this.regionStart : -1;
  }

  groupCount(): number {
    return new RegExp(`${this.pattern.regex.source}|`, this.pattern.regex.flags).exec('')!.length - 1;
  }

  replace(replacement: string, all: boolean): string {
    this.reset();
    let out = '';
    let at = 0;
    while (this.find()) {
      const [start, end] = this.#match!.indices![0]!;
      out += this.text.slice(at, start) + expandReplacement(replacement, this.#match!);
      at = end;
      if (!all) break;
    }
    return out + this.text.slice(at);
  }

  #run(source: string, mode: 'g' | 'y', from: number, text: string): RegExpExecArray | null {
    const regex = new RegExp(source, `${this.pattern.regex.flags}${mode}`);
    regex.lastIndex = from;
    return regex.exec(text.slice(this.regionStart, this.regionEnd));
  }

  #keep(match: RegExpExecArray | null): boolean {
    this.#match = match;
    return match !== null;
  }

  #checked(index: number): void {
    if (this.#match === null) throw apexException('StringException', 'No match found');
    if (index < 0 || index >= this.#match.length) throw apexException('StringException', `No group ${index}`);
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
    reset: (self: MatcherObject, text?: string | null) => self.reset(text === undefined ? self.text : present(text)),
    replaceall: (self: MatcherObject, replacement: string | null) => self.replace(present(replacement), true),
    replacefirst: (self: MatcherObject, replacement: string | null) => self.replace(present(replacement), false),
  },
});

export default factory;
