/** One compiled pattern. */
import type { Region } from './anchors.ts';
import { compileRegex } from './compile.ts';
import type { Input } from './input.ts';
import { Matcher } from './match.ts';
import { parseRegex } from './parse.ts';
import type { Program } from './program.ts';

/** Bounds of the groups: those of group n at 2n and 2n + 1; -1 for a group that matched nothing. */
export type Match = Int32Array;

export type Anchoring = 'anywhere' | 'start' | 'whole';

export interface Search {
  /** Region of the input; all of it when absent. */
  from?: number;
  to?: number;
  /** Where the search begins; at the region's start when absent. */
  at?: number;
  /** Where the last match ended, for `\G`. */
  lastEnd?: number;
  anchoring?: Anchoring;
}

export class Regex {
  readonly source: string;
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
  readonly #program: Program;
  readonly #matcher: Matcher;

  /** RegexSyntaxError when the pattern is malformed. */
  constructor(source: string) {
    this.source = source;
    const parsed = parseRegex(source);
    this.groupCount = parsed.groupCount;
    this.groupNames = parsed.groupNames;
    this.#program = compileRegex(parsed);
    this.#matcher = new Matcher(this.#program);
  }

  /** The first match; RegexTooComplicated when the input was read too often. */
  search(input: Input, search: Search = {}): Match | null {
    const from = search.from ?? 0;
    const to = search.to ?? input.text.length;
    const at = search.at ?? from;
    const region: Region = { text: input.text, from, to, lastEnd: search.lastEnd ?? at };
    const anchoring = search.anchoring ?? 'anywhere';
    if (anchoring !== 'anywhere') {
      return this.#matcher.matchAt(input, region, at, anchoring === 'whole') ? this.#found() : null;
    }
    for (let start = this.#candidate(input, at, to); start >= 0; start = this.#candidate(input, start + 1, to)) {
      if (this.#matcher.matchAt(input, region, start, false)) return this.#found();
    }
    return null;
  }

  #found(): Match {
    return this.#matcher.registers.slice(0, 2 * (this.groupCount + 1));
  }

  /** The next position at which a match can begin, or -1. */
  #candidate(input: Input, from: number, to: number): number {
    const { first, minLength } = this.#program;
    const { text } = input;
    const last = to - minLength;
    if (from > last) return -1;
    let at = from;
    if (typeof first === 'number') {
      const found = text.indexOf(String.fromCharCode(first), from);
      at = found < 0 || found > last ? last + 1 : found;
    } else if (first !== null) while (at <= last && first.width(text, at, to) === 0) at++;
    input.spend(at - from, at - from);
    return at > last ? -1 : at;
  }
}
