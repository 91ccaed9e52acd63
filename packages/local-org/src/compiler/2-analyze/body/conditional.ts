import type { ConditionalExpression, Position } from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import { commonType } from '../types/conversion.ts';
import type { Body } from './body.ts';
import { convert, isQuery, tested } from './convert.ts';
import { analyzeExpression } from './expression.ts';
import { broken } from './make.ts';

/** Both sides as one type. */
export function unified(
  b: Body,
  place: Position,
  left: ir.Expression,
  right: ir.Expression,
): [ir.Expression, ir.Expression] | null {
  let type = commonType(b.types, left.type, right.type);
  // A query of one row may stand for its record on either side.
  if (type === null && isQuery(left)) type = right.type;
  if (type === null && isQuery(right)) type = left.type;
  if (type === null) {
    b.report(place, 'TERNARY', left.type.ref, right.type.ref);
    return null;
  }
  return [convert(b, left, type, left), convert(b, right, type, right)];
}

export function analyzeConditional(b: Body, e: ConditionalExpression): ir.Expression {
  const test = tested(b, analyzeExpression(b, e.test));
  const sides = unified(b, e, analyzeExpression(b, e.then), analyzeExpression(b, e.else));
  if (sides === null) return broken(b, e);
  const [left, right] = sides;
  const type = left.type.kind === 'null' || left.type.kind === 'error' ? right.type : left.type;
  const common = commonType(b.types, left.type, right.type) ?? type;
  return { kind: 'conditional', line: e.line, column: e.column, type: common, test, then: left, else: right };
}
