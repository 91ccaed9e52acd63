/** The parser's messages list every token it would have taken (some 150): these are ours. */
import { ApexErrorListener } from '@apexdevtools/apex-parser';

export interface SyntaxError {
  line: number;
  column: number;
  message: string;
}

/** Longer tokens, such as a string that was not closed, are cut. */
const SHOWN_LENGTH = 30;

function shown(token: string): string {
  if (token === '<EOF>') return 'end of file';
  const line = token.split('\\n', 1)[0]!;
  return `'${line.length > SHOWN_LENGTH ? `${line.slice(0, SHOWN_LENGTH)}…` : line}'`;
}

const REWRITES: [RegExp, (...groups: string[]) => string][] = [
  [/^missing (\S+) at '(.*)'$/s, (wanted, found) => `Missing ${wanted} before ${shown(found)}`],
  [
    /^extraneous input '(.*)' expecting (\S+)$/s,
    (found, wanted) => `Unexpected token ${shown(found)}, expected ${wanted}`,
  ],
  [
    /^mismatched input '(.*)' expecting ([^{\s]\S*)$/s,
    (found, wanted) => `Unexpected token ${shown(found)}, expected ${wanted}`,
  ],
  [/^(?:extraneous|mismatched) input '(.*)' expecting .*$/s, (found) => `Unexpected token ${shown(found)}`],
  [/^no viable alternative at input '(.*)'$/s, (input) => `Unexpected token ${shown(input.split(/\s+/).at(-1)!)}`],
  [
    /^token recognition error at: '(.*)'$/s,
    (input) => (input.startsWith("'") ? 'Illegal string literal' : `Invalid character ${shown(input)}`),
  ],
  [/^rule \S+ failed predicate.*$/s, () => 'Unexpected token'],
];

export function shortMessage(message: string): string {
  for (const [pattern, rewrite] of REWRITES) {
    const match = pattern.exec(message);
    if (match !== null) return rewrite(...match.slice(1));
  }
  return message;
}

export class SyntaxErrors extends ApexErrorListener {
  readonly list: SyntaxError[] = [];

  override apexSyntaxError(line: number, column: number, message: string): void {
    this.list.push({ line, column: column + 1, message: shortMessage(message) });
  }
}
