import type { CastExpression, InstanceOfExpression } from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import { resolveType } from '../resolve-type.ts';
import { castable } from '../types/cast.ts';
import { conversion } from '../types/conversion.ts';
import { isLoose, isPrimitive, numericRank } from '../types/type.ts';
import type { Body } from './body.ts';
import { asSingle, convert } from './convert.ts';
import { analyzeExpression } from './expression.ts';
import { broken, ops, runtime, text } from './make.ts';

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
