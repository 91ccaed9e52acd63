/** ESTree to text, with the Apex line of every generated line. */
import { generate, GENERATOR } from 'astring';
import type { Node } from './estree.ts';

interface State {
  output: string;
  line: number;
  indent: string;
  lineEnd: string;
  indentLevel: number;
  write(code: string): void;
}

type Generator = Record<string, (this: Generator, node: Node, state: State) => void>;

export interface Printed {
  code: string;
  /** Apex line (1-based) of each generated line, 0 for none. */
  lines: number[];
}

const MARKED = [
  'ExpressionStatement',
  'BlockStatement',
  'VariableDeclaration',
  'IfStatement',
  'ReturnStatement',
  'ThrowStatement',
  'TryStatement',
  'WhileStatement',
  'DoWhileStatement',
  'ForStatement',
  'ForOfStatement',
  'BreakStatement',
  'ContinueStatement',
];

/** Expressions that may throw: each begins a generated line when its Apex line is another than the current one. */
const BREAKING = ['CallExpression', 'NewExpression'];

/** JavaScript ends these statements at a line break, so what follows stands in parentheses. */
const PARENTHESISED: Record<string, string> = { ReturnStatement: 'return', ThrowStatement: 'throw' };

export function print(program: Node): Printed {
  const lines: number[] = [];
  const base = GENERATOR as unknown as Generator;
  const generator: Generator = { ...base };

  const mark = (node: Node, state: State): void => {
    if (node.line !== undefined) lines[state.line - 1] = node.line;
  };
  for (const type of MARKED) {
    const print = base[type]!;
    generator[type] = function (node, state) {
      mark(node, state);
      print.call(this, node, state);
    };
  }
  for (const type of BREAKING) {
    const print = base[type]!;
    generator[type] = function (node, state) {
      if (node.line !== undefined && lines[state.line - 1] !== node.line) {
        if (lines[state.line - 1] !== undefined) {
          // In two writes: astring counts a line when what is written ends with it.
          state.write(state.lineEnd);
          state.write(state.indent.repeat(state.indentLevel + 1));
        }
        mark(node, state);
      }
      print.call(this, node, state);
    };
  }
  for (const [type, keyword] of Object.entries(PARENTHESISED)) {
    const print = base[type]!;
    generator[type] = function (node, state) {
      mark(node, state);
      const argument = node['argument'] as Node | null;
      if (argument === null || argument.type === 'Identifier' || argument.type === 'Literal')
        return print.call(this, node, state);
      state.write(`${keyword} (`);
      this[argument.type]!(argument, state);
      state.write(');');
    };
  }

  let generatedLine = 1;
  // astring counts lines only when it maps; the map itself is made above.
  const sourceMap = { addMapping: () => undefined, file: '' };
  const code = generate(program, { generator: generator as never, sourceMap: sourceMap as never });
  for (const _ of code.matchAll(/\n/g)) generatedLine++;
  return { code, lines: Array.from({ length: generatedLine }, (_, i) => lines[i] ?? 0) };
}
