import { StoreError } from '../types.ts';
import type { FormulaNode } from './parse.ts';
import { FUNCTIONS } from './functions.ts';
import { boolean, NULL, number, text } from './values.ts';
import type { FormulaScope, FormulaValue } from './values.ts';

type Call = Extract<FormulaNode, { type: 'callExpression' }>;
type Lazy = (call: Call, scope: FormulaScope) => FormulaValue;

/** The value of a parsed formula. */
export function evaluateNode(node: FormulaNode, scope: FormulaScope): FormulaValue {
  switch (node.type) {
    case 'literal':
      return literal(node.value);
    case 'identifier':
      return scope.value(node.name);
    case 'callExpression':
      return call(node, scope);
    case 'error':
      throw new StoreError('INVALID_FORMULA', node.message);
  }
}

function literal(value: unknown): FormulaValue {
  if (typeof value === 'number') return number(value);
  if (typeof value === 'boolean') return boolean(value);
  return typeof value === 'string' ? text(value) : NULL;
}

function call(node: Call, scope: FormulaScope): FormulaValue {
  const name = node.id.toLowerCase();
  const lazy = Object.hasOwn(LAZY, name) ? LAZY[name] : undefined;
  if (lazy !== undefined) return lazy(node, scope);
  const run = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (run === undefined)
    throw new StoreError('INVALID_FORMULA', `the function ${node.id.toUpperCase()} is not supported by the local org`);
  return run(
    node.arguments.map((argument) => evaluateNode(argument, scope)),
    scope,
  );
}

const isTrue = (node: FormulaNode, scope: FormulaScope): boolean => evaluateNode(node, scope).value === true;

const argument = (node: Call, index: number): FormulaNode => {
  const found = node.arguments[index];
  if (found === undefined)
    throw new StoreError('INVALID_FORMULA', `Incorrect number of parameters for function '${node.id.toUpperCase()}()'`);
  return found;
};

function fieldOf(node: Call): string {
  const field = argument(node, 0);
  if (field.type !== 'identifier') throw new StoreError('INVALID_FORMULA', `${node.id.toUpperCase()}() needs a field`);
  return field.name;
}

/** Equality as formulas have it: of text with regard to case, and empty equals empty. */
export function equal(a: FormulaValue, b: FormulaValue): boolean {
  return a.value === b.value;
}

/** Functions that do not evaluate all their arguments, or that need to know which field is meant. */
const LAZY: Record<string, Lazy> = {
  if: (node, scope) => evaluateNode(argument(node, isTrue(argument(node, 0), scope) ? 1 : 2), scope),
  and: (node, scope) => boolean(node.arguments.every((each) => isTrue(each, scope))),
  or: (node, scope) => boolean(node.arguments.some((each) => isTrue(each, scope))),
  case: (node, scope) => {
    const subject = evaluateNode(argument(node, 0), scope);
    const rest = node.arguments.slice(1);
    for (let i = 0; i + 1 < rest.length; i += 2)
      if (equal(subject, evaluateNode(rest[i]!, scope))) return evaluateNode(rest[i + 1]!, scope);
    return evaluateNode(rest.at(-1)!, scope);
  },
  isnew: (_node, scope) => boolean(scope.isNew),
  isclone: () => boolean(false),
  ischanged: (node, scope) => boolean(!scope.isNew && !equal(scope.value(fieldOf(node)), scope.prior(fieldOf(node)))),
  priorvalue: (node, scope) => (scope.isNew ? scope.value(fieldOf(node)) : scope.prior(fieldOf(node))),
  includes: (node, scope) => {
    const chosen = evaluateNode(argument(node, 0), scope);
    const wanted = evaluateNode(argument(node, 1), scope);
    return boolean(chosen.type === 'text' && wanted.type === 'text' && chosen.value.split(';').includes(wanted.value));
  },
};
