import type { BinaryExpression } from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import type { Body } from './body.ts';
import { arithmetic, isArithmetic } from './arithmetic.ts';
import { equality, ordering } from './comparison.ts';
import { unified } from './conditional.ts';
import { tested } from './convert.ts';
import { analyzeExpression } from './expression.ts';
import { broken } from './make.ts';

export function analyzeBinary(b: Body, e: BinaryExpression): ir.Expression {
  const left = analyzeExpression(b, e.left);
  const right = analyzeExpression(b, e.right);
  const { operator } = e;
  if (isArithmetic(operator)) return arithmetic(b, e, operator, left, right);
  switch (operator) {
    case '&&':
    case '||':
      return {
        kind: 'logical',
        line: e.line,
        column: e.column,
        type: b.types.boolean,
        operator,
        left: tested(b, left, 'BOOLEAN_OPERATION'),
        right: tested(b, right, 'BOOLEAN_OPERATION'),
      };
    case '??': {
      const sides = unified(b, e, left, right);
      if (sides === null) return broken(b, e);
      const type = sides[0].type.kind === 'null' ? sides[1].type : sides[0].type;
      return { kind: 'logical', line: e.line, column: e.column, type, operator, left: sides[0], right: sides[1] };
    }
    case '==':
    case '!=':
    case '===':
    case '!==':
      return equality(b, e, operator, left, right);
    default:
      return ordering(b, e, operator as '<' | '>' | '<=' | '>=', left, right);
  }
}
