/** Operators: with one side, with two, `? :`, casts and `instanceof`. */
import type {
  UnaryExpression,
  BinaryExpression,
  ConditionalExpression,
  Position,
  CastExpression,
  InstanceOfExpression,
} from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import { resolveType } from '../resolve-type.ts';
import { numericRank, isLoose, isPrimitive } from '../symbols.ts';
import { commonType, castable, conversion } from '../types/conversion.ts';
import { suffix, arithmetic, isArithmetic } from './arithmetic.ts';
import type { Body } from './body.ts';
import { equality, ordering } from './comparison.ts';
import { tested, convert, isQuery, asSingle } from './convert.ts';
import { analyzeExpression } from './expression.ts';
import { analyzeLiteral } from './literals.ts';
import { broken, ops, runtime, text } from './make.ts';

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

export function analyzeCast(b: Body, e: CastExpression): ir.Expression {
  const to = resolveType(b.program, e.type, b.self, b.self.unit.diagnostics);
  const operand = analyzeExpression(b, e.operand);
  const from = operand.type;
  if (isLoose(from) || to.kind === 'error') return { ...operand, type: to };
  const single = asSingle(b, operand, to);
  if (single !== null)
    return single.type === to && single.kind === 'runtime'
      ? single
      : runtime(e, to, 'cast', single, text(b, e, to.ref));
  if (!castable(b.types, from, to)) {
    b.report(e, 'INCOMPATIBLE_CAST', from.ref, to.ref);
    return broken(b, e);
  }
  // A number that does not widen is cut down; everything that converts by itself needs no test.
  if (conversion(b.types, from, to) !== null) {
    const converted = convert(b, operand, to, e);
    // The type of a number literal says how it is made: `(Object) 9.99` stays a Decimal.
    if (converted.kind === 'boxed' && numericRank(to) === 0)
      return runtime(e, to, 'cast', converted, text(b, e, to.ref));
    return { ...converted, type: to };
  }
  if (numericRank(from) > 0 && numericRank(to) > 0) return ops(e, to, 'numberCast', operand, text(b, e, to.ref));
  if (isPrimitive(from, 'string') && isPrimitive(to, 'id')) return ops(e, to, 'toId', operand);
  return runtime(e, to, 'cast', operand, text(b, e, to.ref));
}

export function analyzeInstanceOf(b: Body, e: InstanceOfExpression): ir.Expression {
  const type = resolveType(b.program, e.type, b.self, b.self.unit.diagnostics);
  const operand = analyzeExpression(b, e.operand);
  if (!isLoose(operand.type) && type.kind !== 'error' && !castable(b.types, operand.type, type)) {
    b.report(e, 'INCOMPATIBLE_CAST', operand.type.ref, type.ref);
  }
  return runtime(e, b.types.boolean, 'is', operand, text(b, e, type.ref));
}
