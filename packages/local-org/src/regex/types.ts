/** Terms of the regular expressions: a pattern of java.util.regex as a tree, and what can be wrong with it. */
import type { CaseRule, CharacterSet } from './character-set.ts';

export type Anchor =
  | 'inputStart'
  | 'inputEnd'
  | 'lastLineEnd'
  | 'lastLineEndUnix'
  | 'lineStart'
  | 'lineStartUnix'
  | 'lineEnd'
  | 'lineEndUnix'
  | 'wordBoundary'
  | 'noWordBoundary'
  | 'graphemeBoundary'
  | 'lastMatchEnd';

export type Mode = 'greedy' | 'lazy' | 'possessive';

export type RegexNode =
  /** One UTF-16 code unit that stands for itself. */
  | { type: 'unit'; unit: number }
  /** One code point of a set. */
  | { type: 'set'; set: CharacterSet }
  | { type: 'grapheme' }
  | { type: 'anchor'; anchor: Anchor }
  | { type: 'reference'; group: number; rule: CaseRule }
  | { type: 'sequence'; items: RegexNode[] }
  | { type: 'choice'; options: RegexNode[] }
  /** `index` is null for a group that captures nothing. */
  | { type: 'group'; index: number | null; body: RegexNode }
  | { type: 'look'; behind: boolean; negative: boolean; body: RegexNode }
  | { type: 'atomic'; body: RegexNode }
  | { type: 'repeat'; body: RegexNode; min: number; max: number; mode: Mode };

export interface ParsedRegex {
  root: RegexNode;
  /** Capturing groups, the whole match not counted. */
  groupCount: number;
  groupNames: ReadonlyMap<string, number>;
}

/** The pattern is malformed: what, and at which of its characters. */
export class RegexSyntaxError extends Error {
  override name = 'RegexSyntaxError';
  readonly index: number;

  constructor(description: string, index: number) {
    super(description);
    this.index = index;
  }
}

/** A search has read its input too often: it would take too long. */
export class RegexTooComplicated extends Error {
  override name = 'RegexTooComplicated';

  constructor() {
    super('Regex too complicated');
  }
}
