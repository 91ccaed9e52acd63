/** Expressions: one function per kind of the tree. */
import type { Expression, TypeLiteral } from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import { resolveType } from '../resolve-type.ts';
import { isList } from '../symbols.ts';
import { analyzeAssign, analyzeIncrement } from './assignment.ts';
import type { Body } from './body.ts';
import { analyzeCall } from './calls.ts';
import { analyzeCast, analyzeInstanceOf, analyzeConditional, analyzeBinary, analyzeUnary } from './operators.ts';
import { convert } from './convert.ts';
import { analyzeNew, analyzeNewItems, analyzeNewMapItems, analyzeNewSized } from './creators.ts';
import { analyzeLiteral } from './literals.ts';
import { broken, runtime, text, through } from './make.ts';
import { analyzeRead } from './names.ts';
import { analyzeSoql, analyzeSosl } from './queries.ts';
import { thisOf } from './user-fields.ts';

type Kind = Expression['kind'];

const ANALYZERS: { [K in Kind]: (b: Body, e: Extract<Expression, { kind: K }>) => ir.Expression } = {
  literal: analyzeLiteral,
  name: analyzeRead,
  member: analyzeRead,
  this: (b, e) => {
    if (b.options.static) b.report(e, 'STATIC_NEEDED', 'variable', 'this');
    return thisOf(b, e);
  },
  super: (b, e) => {
    b.report(e, 'UNKNOWN_VARIABLE', 'super');
    return broken(b, e);
  },
  index: (b, e) => {
    const list = analyzeExpression(b, e.target);
    const index = convert(b, analyzeExpression(b, e.index), b.types.integer, e.index);
    if (!isList(list.type)) {
      if (list.type.kind !== 'error') b.report(e, 'INDEX_TARGET', list.type.ref);
      return broken(b, e);
    }
    const type = list.type.args[0]!;
    return through(b, list, false, (receiver) => ({
      kind: 'item',
      line: e.line,
      column: e.column,
      type,
      list: receiver,
      index,
    }));
  },
  call: analyzeCall,
  constructorCall: (b, e) => {
    b.report(e, 'CONSTRUCTOR_CALL', `'${e.of}()'`);
    return broken(b, e);
  },
  new: analyzeNew,
  newItems: analyzeNewItems,
  newSized: analyzeNewSized,
  newMapItems: analyzeNewMapItems,
  cast: analyzeCast,
  // A chain of `?.` ends at the parentheses around it.
  paren: (b, e) => {
    const inner = analyzeExpression(b, e.inner);
    return inner.kind === 'safe'
      ? { kind: 'let', line: e.line, column: e.column, type: inner.type, bindings: [], body: inner }
      : inner;
  },
  unary: analyzeUnary,
  increment: (b, e) => analyzeIncrement(b, e, false),
  binary: analyzeBinary,
  assign: (b, e) => analyzeAssign(b, e, false),
  conditional: analyzeConditional,
  instanceOf: analyzeInstanceOf,
  typeLiteral: analyzeTypeLiteral,
  soql: analyzeSoql,
  sosl: analyzeSosl,
};

export function analyzeExpression(b: Body, e: Expression): ir.Expression {
  return (ANALYZERS[e.kind] as (b: Body, e: Expression) => ir.Expression)(b, e);
}

function analyzeTypeLiteral(b: Body, e: TypeLiteral): ir.Expression {
  const type = e.type === null ? b.types.void : resolveType(b.program, e.type, b.self, b.self.unit.diagnostics);
  return runtime(e, b.types.platform('type'), 'typeOf', text(b, e, type.ref));
}
