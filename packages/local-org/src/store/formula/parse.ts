import { ast } from 'formulon';
import type { FormulaNode } from 'formulon';
import { StoreError } from '../types.ts';

export type { FormulaNode };

/** Parses a formula with Salesforce's grammar (formulon's parser; the evaluation is ours, see evaluate.ts). */
export function parseFormula(text: string): FormulaNode {
  const tree = ast(text.replace(/\/\*.*?\*\//gs, ' '));
  if (tree.type === 'error') throw new StoreError('INVALID_FORMULA', `${tree.message} The formula is: ${text}`);
  return tree;
}

/** The names that a formula reads (`Status`, `Account.Name`, `$User.Id`), each once, in order. */
export function identifiersOf(node: FormulaNode): string[] {
  const names = new Map<string, string>();
  const visit = (at: FormulaNode): void => {
    if (at.type === 'identifier' && !names.has(at.name.toLowerCase())) names.set(at.name.toLowerCase(), at.name);
    if (at.type === 'callExpression') at.arguments.forEach(visit);
  };
  visit(node);
  return [...names.values()];
}
