import type { UnaryExpression } from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import { numericRank } from '../types/type.ts';
import type { Body } from './body.ts';
import { tested } from './convert.ts';
import { analyzeExpression } from './expression.ts';
import { analyzeLiteral } from './literals.ts';
import { broken, ops } from './make.ts';
import { suffix } from './arithmetic.ts';

export function analyzeUnary(b: Body, e: UnaryExpression): ir.Expression {
  if (e.operator === '!') {
    const operand = tested(b, analyzeExpression(b, e.operand), 'NOT_OPERATION');
    return { kind: 'not', line: e.line, column: e.column, type: b.types.boolean, operand };
  }
  if (e.operator === '-' && e.operand.kind === 'literal' && e.operand.type !== 'String')
    return analyzeLiteral(b, e.operand, true);
  const operand = analyzeExpression(b, e.operand);
  const rank = numericRank(operand.type);
  const integral = rank > 0 && rank <= 2;
  if (operand.type.kind !== 'error' && (rank === 0 || (e.operator === '~' && !integral))) {
    b.report(e, 'ARITHMETIC');
    return broken(b, e);
  }
  if (e.operator === '+') return operand;
  return ops(e, operand.type, `${e.operator === '~' ? 'not' : 'neg'}${suffix(operand.type)}`, operand);
}
