/** `== != === !== < > <= >=` by the static types of both sides. */
import type { BinaryExpression, Position } from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import { castable, conversion } from '../types/conversion.ts';
import { isEnum, isPrimitive, isText, numericRank, type Type } from '../symbols.ts';
import type { Body } from './body.ts';
import { convert } from './convert.ts';
import { broken, constant, neverNull, ops } from './make.ts';

type Equality = '==' | '!=' | '===' | '!==';
type Ordering = '<' | '>' | '<=' | '>=';

function native(
  b: Body,
  place: Position,
  operator: ir.Native['operator'],
  left: ir.Expression,
  right: ir.Expression,
): ir.Expression {
  return { kind: 'native', line: place.line, column: place.column, type: b.types.boolean, operator, left, right };
}

const NATIVELY_EQUAL = new Set(['integer', 'long', 'boolean']);

const nativelyEqual = (type: Type): boolean =>
  (type.kind === 'primitive' && NATIVELY_EQUAL.has(type.key)) || isEnum(type);

/** Both sides as one type where they are numbers, or a Date and a Datetime. */
function aligned(b: Body, left: ir.Expression, right: ir.Expression): [ir.Expression, ir.Expression] {
  const ranks = [numericRank(left.type), numericRank(right.type)] as const;
  if (ranks[0] > 0 && ranks[1] > 0) {
    const type = ranks[0] > ranks[1] ? left.type : right.type;
    return [convert(b, left, type, left), convert(b, right, type, right)];
  }
  const [a, c] = [left.type, right.type];
  if (isPrimitive(a, 'date') && isPrimitive(c, 'datetime')) return [convert(b, left, c, left), right];
  if (isPrimitive(a, 'datetime') && isPrimitive(c, 'date')) return [left, convert(b, right, a, right)];
  return [left, right];
}

function comparable(b: Body, a: Type, c: Type): boolean {
  return castable(b.types, a, c) || castable(b.types, c, a);
}

/** The function of `$.ops` that tells equality of two values of these types. */
function equalityFunction(a: Type, c: Type): string {
  if (isPrimitive(a, 'id') || isPrimitive(c, 'id')) return isText(a) && isText(c) ? 'eqId' : 'eq';
  return isPrimitive(a, 'string') && isPrimitive(c, 'string') ? 'eqText' : 'eq';
}

export function equality(
  b: Body,
  e: BinaryExpression,
  operator: Equality,
  left: ir.Expression,
  right: ir.Expression,
): ir.Expression {
  if (left.type.kind === 'error' || right.type.kind === 'error') return broken(b, e);
  const negative = operator.startsWith('!');
  const js = negative ? '!==' : '===';
  if (left.type.kind === 'null' || right.type.kind === 'null') return native(b, e, js, left, right);
  if (left.type.kind === 'void' || right.type.kind === 'void') b.report(e, 'VOID_VALUE');
  else if (!comparable(b, left.type, right.type)) b.report(e, 'COMPARISON', left.type.ref, right.type.ref);
  const [l, r] = aligned(b, left, right);
  if (nativelyEqual(l.type) && l.type === r.type) return native(b, e, js, l, r);
  const name = operator.length === 3 ? 'same' : equalityFunction(l.type, r.type);
  const equal = ops(e, b.types.boolean, name, l, r);
  return negative ? { kind: 'not', line: e.line, column: e.column, type: b.types.boolean, operand: equal } : equal;
}

/** Integer and Long compare as JavaScript does once null is ruled out. */
const ORDERED_NATIVELY: Record<Ordering, string> = { '<': 'lt', '>': 'gt', '<=': 'le', '>=': 'ge' };
const ORDERED = new Set(['double', 'decimal', 'string', 'id', 'date', 'datetime', 'time']);

export function ordering(
  b: Body,
  e: BinaryExpression,
  operator: Ordering,
  left: ir.Expression,
  right: ir.Expression,
): ir.Expression {
  if (left.type.kind === 'error' || right.type.kind === 'error') return broken(b, e);
  const [l, r] = aligned(b, left, right);
  const type = l.type.kind === 'null' ? r.type : l.type;
  if (isPrimitive(type, 'integer') || isPrimitive(type, 'long')) {
    if (r.type !== l.type && l.type.kind !== 'null' && r.type.kind !== 'null') return incomparable(b, e, l, r);
    return neverNull(l) && neverNull(r)
      ? native(b, e, operator, l, r)
      : ops(e, b.types.boolean, ORDERED_NATIVELY[operator], l, r);
  }
  const compatible = conversion(b.types, l.type, r.type) !== null || conversion(b.types, r.type, l.type) !== null;
  if (type.kind !== 'primitive' || !ORDERED.has(type.key) || !compatible) return incomparable(b, e, l, r);
  return native(
    b,
    e,
    operator,
    ops(e, b.types.integer, isText(type) ? 'compareText' : 'compare', l, r),
    constant(e, b.types.integer, 0),
  );
}

function incomparable(b: Body, e: BinaryExpression, left: ir.Expression, right: ir.Expression): ir.Expression {
  b.report(e, 'ORDERING', left.type.ref, right.type.ref);
  return broken(b, e);
}
