/** Puts a value where a type is wanted. */
import type { Position } from '../../1-parse/ast.ts';
import type { DiagnosticCode } from '../../diagnostics.ts';
import type * as ir from '../ir.ts';
import { conversion } from '../types/conversion.ts';
import { isList, isRecord, type Type } from '../symbols.ts';
import type { Body } from './body.ts';
import { constant, neverNull, ops } from './make.ts';

/** A query's list of one row may stand for the record. */
const SINGLE_ROW_COST = 6;
const QUERY_METHODS = new Set(['query', 'querywithbinds']);

const isDatabaseQuery = (value: ir.Expression): boolean =>
  value.kind === 'platformCall' && value.owner === 'database' && QUERY_METHODS.has(value.name);

export const isQuery = (value: ir.Expression): value is ir.RuntimeCall =>
  value.kind === 'runtime' && value.name === 'soql';

export function asSingle(b: Body, value: ir.Expression, to: Type): ir.Expression | null {
  if (!isRecord(to) || !isList(value.type)) return null;
  const element = value.type.args[0]!;
  if (isQuery(value) && conversion(b.types, element, to) !== null) return { ...value, name: 'soqlOne', type: element };
  if (isDatabaseQuery(value)) return ops(value, to, 'single', value);
  return null;
}

/** Cost of passing the value as `to`, or null when it cannot be. */
export function costOf(b: Body, value: ir.Expression, to: Type): number | null {
  const found = conversion(b.types, value.type, to);
  if (found !== null) return found.cost;
  return asSingle(b, value, to) === null ? null : SINGLE_ROW_COST;
}

function applied(value: ir.Expression, operation: string, to: Type): ir.Expression {
  if (value.kind === 'constant' && typeof value.value === 'number') {
    if (operation === 'intToLong') return constant(value, to, BigInt(value.value));
    if (operation === 'intToDecimal')
      return { kind: 'boxed', line: value.line, column: value.column, type: to, text: String(value.value) };
    if (operation === 'intToDouble')
      return { kind: 'boxed', line: value.line, column: value.column, type: to, text: String(value.value) };
  }
  if (value.kind === 'boxed' && (operation === 'decimalToDouble' || operation === 'doubleToDecimal'))
    return { ...value, type: to };
  return ops(value, to, operation, value);
}

export function convert(
  b: Body,
  value: ir.Expression,
  to: Type,
  place: Position,
  code: DiagnosticCode = 'ILLEGAL_ASSIGNMENT',
): ir.Expression {
  const single = asSingle(b, value, to);
  if (single !== null) return single;
  const found = conversion(b.types, value.type, to);
  if (found === null) {
    if (value.type.kind === 'void') b.report(place, 'VOID_VALUE');
    else b.report(place, code, value.type.ref, to.ref);
    return { ...value, type: b.types.error };
  }
  return found.operation === null ? value : applied(value, found.operation, to);
}

/** A Boolean that is tested: null is a NullPointerException. */
export function tested(b: Body, value: ir.Expression, code: DiagnosticCode = 'CONDITION_TYPE'): ir.Expression {
  if (value.type !== b.types.boolean && value.type.kind !== 'error' && value.type.kind !== 'null')
    b.report(value, code);
  return neverNull(value) ? value : ops(value, b.types.boolean, 'truth', value);
}
