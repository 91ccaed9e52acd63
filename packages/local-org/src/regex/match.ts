/**
 * The matcher: tries a program at one position. It backtracks as java.util.regex does, on a stack of its own, and
 * counts how often it reads the text. So a pattern has the same answer, and the same end, on every machine.
 */
import { holds } from './anchors.ts';
import type { Region } from './anchors.ts';
import { folded } from './character-set.ts';
import { graphemeEnd } from './grapheme.ts';
import { MAX_READS, MAX_STEPS } from './input.ts';
import type { Input } from './input.ts';
import { ANCHORS, OP, RULES } from './program.ts';
import type { Program } from './program.ts';
import { RegexTooComplicated } from './types.ts';
import type { CaseRule } from './character-set.ts';

/** Kinds of entries on the stack, four numbers each. */
const TRY = 0;
const RESTORE = 1;
const FEWER = 2;
const BEHIND = 3;
const ENTRY = 4;
/** Numbers on the stack: 16 MB. */
const MAX_STACK = 2 ** 22;

export class Matcher {
  readonly #program: Program;
  #stack = new Int32Array(64 * ENTRY);
  #top = 0;
  readonly registers: Int32Array;

  constructor(program: Program) {
    this.#program = program;
    this.registers = new Int32Array(program.registers);
  }

  /** Whether a match begins at `start`; with `whole` it has to end at the region's end. The bounds of the groups are in the registers. */
  matchAt(input: Input, region: Region, start: number, whole: boolean): boolean {
    const { code, sets } = this.#program;
    const { registers } = this;
    const { text, to } = region;
    const maxReads = MAX_READS - input.reads;
    const maxSteps = MAX_STEPS - input.steps;
    let reads = 0;
    let steps = 0;
    let at = start;
    let pc = 0;
    registers.fill(-1);
    this.#top = 0;
    for (;;) {
      if (reads > maxReads || ++steps > maxSteps) {
        input.spend(reads, steps);
        throw new RegexTooComplicated();
      }
      switch (code[pc]) {
        case OP.unit:
          if (at < to) {
            reads++;
            if (text.charCodeAt(at) === code[pc + 1]) {
              at++;
              pc += 2;
              continue;
            }
          }
          break;
        case OP.set:
          if (at < to) {
            reads++;
            const width = sets[code[pc + 1]!]!.width(text, at, to);
            if (width > 0) {
              at += width;
              pc += 2;
              continue;
            }
          }
          break;
        case OP.repeatSet:
        case OP.repeatSetOnly: {
          const set = sets[code[pc + 1]!]!;
          const min = code[pc + 2]!;
          const max = code[pc + 3]!;
          let count = 0;
          let enough = min === 0 ? at : -1;
          const begin = at;
          while (count < max && at < to) {
            const width = set.width(text, at, to);
            if (width === 0) break;
            at += width;
            if (++count === min) enough = at;
          }
          reads += at - begin + (at < to ? 1 : 0);
          if (enough >= 0) {
            pc += 4;
            if (at > enough && code[pc - 4] === OP.repeatSet) this.#push(FEWER, pc, enough, at);
            continue;
          }
          break;
        }
        case OP.choice:
          this.#push(TRY, code[pc + 1]!, at, 0);
          pc += 2;
          continue;
        case OP.jump:
          pc = code[pc + 1]!;
          continue;
        case OP.mark:
          this.#set(code[pc + 1]!, at);
          pc += 2;
          continue;
        case OP.capture: {
          const group = 2 * code[pc + 1]!;
          this.#set(group, registers[code[pc + 2]!]!);
          this.#set(group + 1, at);
          pc += 3;
          continue;
        }
        case OP.loopStart:
          this.#set(code[pc + 1]!, 0);
          pc += 2;
          continue;
        case OP.loop: {
          const count = registers[code[pc + 1]!]!;
          // A turn that matched nothing is the last one.
          const idle = count > 0 && registers[code[pc + 2]!] === at;
          if (idle || count >= code[pc + 4]!) {
            pc = code[pc + 5]!;
            continue;
          }
          if (count >= code[pc + 3]!) this.#push(TRY, code[pc + 5]!, at, 0);
          pc += 6;
          continue;
        }
        case OP.lazyLoop: {
          const count = registers[code[pc + 1]!]!;
          const idle = count > 0 && registers[code[pc + 2]!] === at;
          if (!idle && count < code[pc + 3]!) {
            pc += 6;
            continue;
          }
          if (!idle && count < code[pc + 4]!) this.#push(TRY, pc + 6, at, 0);
          pc = code[pc + 5]!;
          continue;
        }
        case OP.turn:
          this.#set(code[pc + 1]!, registers[code[pc + 1]!]! + 1);
          this.#set(code[pc + 2]!, at);
          pc += 3;
          continue;
        case OP.cutFrom:
          // No undoing: nothing within the group is tried again once it was left.
          registers[code[pc + 1]!] = this.#top;
          pc += 2;
          continue;
        case OP.cut:
          steps += this.#cut(registers[code[pc + 1]!]!);
          pc += 2;
          continue;
        case OP.cutAndFail:
          steps += this.#undo(registers[code[pc + 1]!]!);
          break;
        case OP.returnTo:
          at = registers[code[pc + 1]!]!;
          pc += 2;
          continue;
        case OP.behind: {
          const first = at - code[pc + 1]!;
          if (first < region.from) break;
          const last = Math.max(region.from, at - code[pc + 2]!);
          pc += 3;
          if (first > last) this.#push(BEHIND, pc, last, first);
          at = first;
          continue;
        }
        case OP.behindEnd:
          if (at === registers[code[pc + 1]!]) {
            pc += 2;
            continue;
          }
          break;
        case OP.reference: {
          const group = 2 * code[pc + 1]!;
          const from = group < 2 * this.#program.groups ? registers[group]! : -1;
          const length = from < 0 ? -1 : registers[group + 1]! - from;
          if (length >= 0 && at + length <= to) {
            reads += 2 * length;
            if (isSame(text, from, at, length, RULES[code[pc + 2]!]!)) {
              at += length;
              pc += 3;
              continue;
            }
          }
          break;
        }
        case OP.anchor:
          reads += ANCHOR_READS[code[pc + 1]!]!;
          if (holds[ANCHORS[code[pc + 1]!]!](region, at)) {
            pc += 2;
            continue;
          }
          break;
        case OP.grapheme:
          if (at < to) {
            const end = graphemeEnd(text, at, to);
            reads += end - at;
            at = end;
            pc += 1;
            continue;
          }
          break;
        case OP.accept:
          if (!whole || at === to) {
            input.spend(reads, steps);
            registers[0] = start;
            registers[1] = at;
            return true;
          }
          break;
      }
      // What was tried failed: the newest thing that can be tried otherwise.
      for (;;) {
        if (this.#top === 0) {
          input.spend(reads, steps);
          return false;
        }
        const stack = this.#stack;
        const entry = this.#top - ENTRY;
        const kind = stack[entry];
        if (kind === RESTORE) {
          registers[stack[entry + 1]!] = stack[entry + 2]!;
          this.#top = entry;
          steps++;
          continue;
        }
        pc = stack[entry + 1]!;
        if (kind === TRY) {
          at = stack[entry + 2]!;
          this.#top = entry;
        } else {
          at = stack[entry + 3]! - 1;
          if (kind === FEWER && at > stack[entry + 2]! && isSecondHalf(text, at)) at--;
          if (at > stack[entry + 2]!) stack[entry + 3] = at;
          else this.#top = entry;
        }
        break;
      }
    }
  }

  #push(kind: number, a: number, b: number, c: number): void {
    if (this.#top === this.#stack.length) this.#grow();
    const stack = this.#stack;
    stack[this.#top] = kind;
    stack[this.#top + 1] = a;
    stack[this.#top + 2] = b;
    stack[this.#top + 3] = c;
    this.#top += ENTRY;
  }

  #grow(): void {
    if (this.#stack.length * 2 > MAX_STACK) throw new RegexTooComplicated();
    const larger = new Int32Array(this.#stack.length * 2);
    larger.set(this.#stack);
    this.#stack = larger;
  }

  /** Sets a register, and its value of before again when what follows fails. */
  #set(register: number, value: number): void {
    if (this.#top > 0) this.#push(RESTORE, register, this.registers[register]!, 0);
    this.registers[register] = value;
  }

  /** Forgets what could be tried otherwise above `height`; registers are still undone. */
  #cut(height: number): number {
    const stack = this.#stack;
    let kept = height;
    for (let entry = height; entry < this.#top; entry += ENTRY) {
      if (stack[entry] !== RESTORE) continue;
      stack.copyWithin(kept, entry, entry + ENTRY);
      kept += ENTRY;
    }
    const looked = (this.#top - height) / ENTRY;
    this.#top = kept;
    return looked;
  }

  /** Undoes everything above `height`. */
  #undo(height: number): number {
    const looked = (this.#top - height) / ENTRY;
    for (; this.#top > height; this.#top -= ENTRY) {
      const entry = this.#top - ENTRY;
      if (this.#stack[entry] === RESTORE) this.registers[this.#stack[entry + 1]!] = this.#stack[entry + 2]!;
    }
    return looked;
  }
}

/** How often each anchor reads the text. */
const ANCHOR_READS = ANCHORS.map((anchor) => {
  if (anchor === 'inputStart' || anchor === 'inputEnd' || anchor === 'lastMatchEnd') return 0;
  if (anchor === 'graphemeBoundary') return 64;
  return anchor === 'wordBoundary' || anchor === 'noWordBoundary' ? 2 : 1;
});

function isSecondHalf(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff && text.codePointAt(at - 1)! > 0xffff;
}

function isSame(text: string, a: number, b: number, length: number, rule: CaseRule): boolean {
  for (let i = 0; i < length; i++) {
    const [left, right] = [text.charCodeAt(a + i), text.charCodeAt(b + i)];
    if (left !== right && (rule === 'exact' || folded(left, rule) !== folded(right, rule))) return false;
  }
  return true;
}
