/** Turns a parsed pattern into instructions. */
import { CharacterSet } from './character-set.ts';
import { ANCHORS, OP, RULES } from './program.ts';
import type { Program } from './program.ts';
import type { ParsedRegex, RegexNode } from './types.ts';
import { widthOf } from './width.ts';

/** Stands for "any number of times". */
const ENDLESS = 2 ** 31 - 1;

export function compileRegex({ root, groupCount }: ParsedRegex): Program {
  return new Compiler(groupCount + 1).compile(root);
}

type Repeat = Extract<RegexNode, { type: 'repeat' }>;
type Look = Extract<RegexNode, { type: 'look' }>;

class Compiler {
  readonly #code: number[] = [];
  readonly #sets: CharacterSet[] = [];
  readonly #groups: number;
  #registers: number;

  constructor(groups: number) {
    this.#groups = groups;
    this.#registers = 2 * groups;
  }

  compile(root: RegexNode): Program {
    this.#node(root);
    this.#emit(OP.accept);
    return {
      code: Int32Array.from(this.#code),
      sets: this.#sets,
      groups: this.#groups,
      registers: this.#registers,
      minLength: widthOf(root).min,
      first: firstOf(root),
    };
  }

  #node(node: RegexNode): void {
    switch (node.type) {
      case 'unit':
        return this.#emit(OP.unit, node.unit);
      case 'set':
        return this.#emit(OP.set, this.#set(node.set));
      case 'grapheme':
        return this.#emit(OP.grapheme);
      case 'anchor':
        return this.#emit(OP.anchor, ANCHORS.indexOf(node.anchor));
      case 'reference':
        return this.#emit(OP.reference, node.group, RULES.indexOf(node.rule));
      case 'sequence':
        return node.items.forEach((item) => this.#node(item));
      case 'choice':
        return this.#choice(node.options);
      case 'group':
        return this.#group(node.index, node.body);
      case 'atomic':
        return this.#atomic(() => this.#node(node.body));
      case 'look':
        return this.#look(node);
      case 'repeat':
        return this.#repeat(node);
    }
  }

  #choice(options: readonly RegexNode[]): void {
    const ends: number[] = [];
    options.forEach((option, i) => {
      if (i === options.length - 1) return this.#node(option);
      const next = this.#jump(OP.choice);
      this.#node(option);
      ends.push(this.#jump(OP.jump));
      this.#land(next);
    });
    ends.forEach((end) => this.#land(end));
  }

  #group(index: number | null, body: RegexNode): void {
    if (index === null) return this.#node(body);
    const mark = this.#register();
    this.#emit(OP.mark, mark);
    this.#node(body);
    this.#emit(OP.capture, index, mark);
  }

  #atomic(body: () => void): void {
    const height = this.#register();
    this.#emit(OP.cutFrom, height);
    body();
    this.#emit(OP.cut, height);
  }

  #look(node: Look): void {
    const height = this.#register();
    const start = this.#register();
    this.#emit(OP.mark, start);
    this.#emit(OP.cutFrom, height);
    const otherwise = node.negative ? this.#jump(OP.choice) : null;
    if (node.behind) this.#behind(node.body, start);
    else this.#node(node.body);
    if (otherwise === null) {
      this.#emit(OP.cut, height);
      this.#emit(OP.returnTo, start);
    } else {
      this.#emit(OP.cutAndFail, height);
      this.#land(otherwise);
    }
  }

  #behind(body: RegexNode, start: number): void {
    const { min, max } = widthOf(body);
    this.#emit(OP.behind, min, max);
    this.#node(body);
    this.#emit(OP.behindEnd, start);
  }

  #repeat(node: Repeat): void {
    const { body, min, mode } = node;
    const max = Math.min(node.max, ENDLESS);
    if (max === 0) return;
    const set = mode === 'lazy' ? null : setOf(body);
    if (set !== null) this.#emit(mode === 'greedy' ? OP.repeatSet : OP.repeatSetOnly, this.#set(set), min, max);
    else if (mode === 'possessive') this.#atomic(() => this.#loop(body, min, max, false));
    else this.#loop(body, min, max, mode === 'lazy');
  }

  #loop(body: RegexNode, min: number, max: number, lazy: boolean): void {
    if (min === 0 && max === 1) return this.#optional(body, lazy);
    if (max === ENDLESS && min <= 1 && widthOf(body).min > 0) return this.#uncounted(body, min, lazy);
    const count = this.#register();
    const start = this.#register();
    this.#emit(OP.loopStart, count);
    const head = this.#code.length;
    this.#emit(lazy ? OP.lazyLoop : OP.loop, count, start, min, max, 0);
    const exit = this.#code.length - 1;
    this.#emit(OP.turn, count, start);
    this.#node(body);
    this.#emit(OP.jump, head);
    this.#land(exit);
  }

  #optional(body: RegexNode, lazy: boolean): void {
    const other = this.#jump(OP.choice);
    if (lazy) {
      const exit = this.#jump(OP.jump);
      this.#land(other);
      this.#node(body);
      return this.#land(exit);
    }
    this.#node(body);
    this.#land(other);
  }

  /** `*` and `+` of what cannot be empty need no count. */
  #uncounted(body: RegexNode, min: number, lazy: boolean): void {
    const enter = min === 0 ? this.#jump(OP.jump) : null;
    const start = this.#code.length;
    this.#node(body);
    if (enter !== null) this.#land(enter);
    if (lazy) return this.#emit(OP.choice, start);
    const exit = this.#jump(OP.choice);
    this.#emit(OP.jump, start);
    this.#land(exit);
  }

  #emit(...numbers: number[]): void {
    this.#code.push(...numbers);
  }

  /** Emits a jump whose place is not known yet. */
  #jump(operation: number): number {
    this.#emit(operation, -1);
    return this.#code.length - 1;
  }

  /** The jump goes to here. */
  #land(jump: number): void {
    this.#code[jump] = this.#code.length;
  }

  #register(): number {
    return this.#registers++;
  }

  #set(set: CharacterSet): number {
    return this.#sets.push(set) - 1;
  }
}

/** What matches one code point only, as a set. */
const setOf = (node: RegexNode): CharacterSet | null => {
  if (node.type === 'set') return node.set;
  if (node.type === 'group' && node.index === null) return setOf(node.body);
  return node.type === 'unit' ? new CharacterSet((code) => code === node.unit) : null;
};

/** What every match begins with, where that is simple to tell. */
const firstOf = (node: RegexNode): number | CharacterSet | null => {
  switch (node.type) {
    case 'unit':
      return node.unit;
    case 'set':
      return node.set;
    case 'group':
    case 'atomic':
      return firstOf(node.body);
    case 'sequence':
      return node.items.length === 0 ? null : firstOf(node.items[0]!);
    case 'repeat':
      return node.min === 0 ? null : firstOf(node.body);
    default:
      return null;
  }
};
