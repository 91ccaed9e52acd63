/** `+ - * /` on numbers, dates and strings; bits and shifts. */
import type { BinaryOperator, Position } from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import { isPrimitive, isText, numericRank, type Type } from '../symbols.ts';
import type { Body } from './body.ts';
import { convert } from './convert.ts';
import { broken, ops } from './make.ts';

const SUFFIXES: Record<string, string> = {
  integer: 'Int',
  long: 'Long',
  double: 'Double',
  decimal: 'Decimal',
  boolean: 'Boolean',
};

/** Which family of `$.ops` functions works on the type: `addInt`, `addLong` … */
export const suffix = (type: Type): string => SUFFIXES[type.key] ?? 'Int';

const ARITHMETIC: Partial<Record<BinaryOperator, string>> = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div' };
const BITS: Partial<Record<BinaryOperator, string>> = { '&': 'and', '|': 'or', '^': 'xor' };
const SHIFTS: Partial<Record<BinaryOperator, string>> = { '<<': 'shl', '>>': 'shr', '>>>': 'ushr' };

export const isArithmetic = (operator: BinaryOperator): boolean =>
  operator in ARITHMETIC || operator in BITS || operator in SHIFTS;

const wider = (a: Type, b: Type): Type => (numericRank(a) >= numericRank(b) ? a : b);

/** `date + 1`, `datetime - 0.5` */
function moved(
  b: Body,
  place: Position,
  operator: BinaryOperator,
  left: ir.Expression,
  right: ir.Expression,
): ir.Expression | null {
  const kind = isPrimitive(left.type, 'date') ? 'Date' : isPrimitive(left.type, 'datetime') ? 'Datetime' : null;
  if (kind === null || (operator !== '+' && operator !== '-') || numericRank(right.type) === 0) return null;
  const days = kind === 'Date' ? convert(b, right, b.types.integer, right) : convert(b, right, b.types.decimal, right);
  return ops(place, left.type, `${ARITHMETIC[operator]!}${kind}`, left, days);
}

/** The operation of `operator` on two analysed operands; also for `+=` and its like. */
export function arithmetic(
  b: Body,
  place: Position,
  operator: BinaryOperator,
  left: ir.Expression,
  right: ir.Expression,
): ir.Expression {
  const types = [left.type, right.type] as const;
  if (types.some((type) => type.kind === 'error')) return broken(b, place);
  if (operator === '+' && types.some(isText)) {
    if (types.some((type) => type.kind === 'void')) b.report(place, 'VOID_VALUE');
    return ops(place, b.types.string, 'concat', left, right);
  }
  const date = moved(b, place, operator, left, right);
  if (date !== null) return date;

  const [a, c] = types;
  const bits = BITS[operator];
  if (bits !== undefined && a === b.types.boolean && c === b.types.boolean)
    return ops(place, a, `${bits}Boolean`, left, right);
  if (numericRank(a) === 0 || numericRank(c) === 0) return invalid(b, place);
  const shift = SHIFTS[operator];
  const integral = numericRank(a) <= 2 && numericRank(c) <= 2;
  if ((bits !== undefined || shift !== undefined) && !integral) return invalid(b, place);
  if (shift !== undefined)
    return ops(
      place,
      a,
      `${shift}${suffix(a)}`,
      left,
      c === b.types.long ? ops(place, b.types.integer, 'longToInt', right) : right,
    );
  const type = wider(a, c);
  const name = `${bits ?? ARITHMETIC[operator]!}${suffix(type)}`;
  return ops(place, type, name, convert(b, left, type, left), convert(b, right, type, right));
}

function invalid(b: Body, place: Position): ir.Expression {
  b.report(place, 'ARITHMETIC');
  return broken(b, place);
}
