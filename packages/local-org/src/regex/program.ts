/** A pattern as instructions for the matcher: numbers in one array, an operation and its operands. */
import type { CharacterSet } from './character-set.ts';
import type { CaseRule } from './character-set.ts';
import type { Anchor } from './types.ts';

/** Operations; in parentheses their operands. A jump names the place of an instruction. */
export const OP = {
  /** The match is complete. */
  accept: 0,
  /** (unit) One code unit. */
  unit: 1,
  /** (set) One code point of the set. */
  set: 2,
  grapheme: 3,
  /** (anchor) */
  anchor: 4,
  /** (group, rule) What the group matched, once more. */
  reference: 5,
  /** (place) Goes there. */
  jump: 6,
  /** (place) Goes on; should that fail, goes there. */
  choice: 7,
  /** (set, min, max) As many code points of the set as there are, fewer should the rest fail. */
  repeatSet: 8,
  /** (set, min, max) The same, and never fewer. */
  repeatSetOnly: 9,
  /** (register) Remembers the position. */
  mark: 10,
  /** (group, register) The group reaches from the mark to here. */
  capture: 11,
  /** (count, start, min, max, exit) The head of a loop that prefers to go on. The body follows. */
  loop: 12,
  /** (count, start, min, max, exit) The head of a loop that prefers to end. */
  lazyLoop: 13,
  /** (count, start) One more turn. */
  turn: 14,
  /** (count) A loop begins. */
  loopStart: 15,
  /** (height) Of an atomic group or a look-ahead: what can be tried otherwise within it begins here. */
  cutFrom: 16,
  /** (height) Forgets it. */
  cut: 17,
  /** (height) Forgets it, and what it captured, and fails. */
  cutAndFail: 18,
  /** (register) Goes back to the mark. */
  returnTo: 19,
  /** (min, max) Look-behind: tries the body, which follows, from every start so many units back, the nearest first. */
  behind: 20,
  /** (register) The body of a look-behind must end where that began. */
  behindEnd: 21,
  fail: 22,
} as const;

/** Anchors and case rules are operands by their position here. */
export const ANCHORS: readonly Anchor[] = [
  'inputStart',
  'inputEnd',
  'lastLineEnd',
  'lastLineEndUnix',
  'lineStart',
  'lineStartUnix',
  'lineEnd',
  'lineEndUnix',
  'wordBoundary',
  'noWordBoundary',
  'graphemeBoundary',
  'lastMatchEnd',
];
export const RULES: readonly CaseRule[] = ['exact', 'ascii', 'unicode'];

export interface Program {
  code: Int32Array;
  sets: readonly CharacterSet[];
  /** Groups, the whole match included; registers 0 to 2n-1 are their bounds. */
  groups: number;
  registers: number;
  /** The least that a match can be long, in code units. */
  minLength: number;
  /** Every match begins with this unit, or a code point of this set. */
  first: number | CharacterSet | null;
}
