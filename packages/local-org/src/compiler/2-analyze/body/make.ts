/** Small builders of analysed expressions. */
import type { Position } from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import type { Type } from '../symbols.ts';
import type { Body } from './body.ts';

const at = ({ line, column }: Position): Position => ({ line, column });

export const constant = (place: Position, type: Type, value: ir.Constant['value']): ir.Constant => ({
  kind: 'constant',
  ...at(place),
  type,
  value,
});

export const ops = (place: Position, type: Type, name: string, ...args: ir.Expression[]): ir.OperatorCall => ({
  kind: 'ops',
  ...at(place),
  type,
  name,
  args,
});

export const runtime = (place: Position, type: Type, name: string, ...args: ir.Expression[]): ir.RuntimeCall => ({
  kind: 'runtime',
  ...at(place),
  type,
  name,
  args,
});

export const array = (b: Body, place: Position, items: ir.Expression[]): ir.ArrayOf => ({
  kind: 'array',
  ...at(place),
  type: b.types.object,
  items,
});

export const object = (b: Body, place: Position, entries: ir.ObjectOf['entries']): ir.ObjectOf => ({
  kind: 'object',
  ...at(place),
  type: b.types.object,
  entries,
});

export const text = (b: Body, place: Position, value: string): ir.Constant => constant(place, b.types.string, value);

export const local = (place: Position, variable: ir.Variable): ir.Local => ({
  kind: 'local',
  ...at(place),
  type: variable.type,
  variable,
});

/** Stands where an expression could not be analysed; its unit has an error and is never emitted. */
export const broken = (b: Body, place: Position): ir.Constant => constant(place, b.types.error, null);

const NEVER_NULL = new Set<ir.Expression['kind']>([
  'boxed',
  'this',
  'enumConstant',
  'classObject',
  'array',
  'object',
  'newUser',
  'newPlatform',
  'newRecord',
  'logical',
  'not',
  'native',
]);

/** Functions of `$` and `$.ops` whose result may be null. */
const MAYBE_NULL = new Set([
  'call',
  'intToLong',
  'intToDouble',
  'intToDecimal',
  'longToDouble',
  'longToDecimal',
  'doubleToDecimal',
  'decimalToDouble',
  'toId',
  'dateToDatetime',
  'longToInt',
  'listGet',
  'listSet',
  'cast',
  'soqlOne',
  'single',
  'thrown',
  'caught',
  'numberCast',
]);

export function neverNull(expression: ir.Expression): boolean {
  if (expression.kind === 'constant') return expression.value !== null;
  if (expression.kind === 'logical') return expression.operator !== '??' || neverNull(expression.right);
  if (expression.kind === 'runtime' || expression.kind === 'ops') return !MAYBE_NULL.has(expression.name);
  if (expression.kind === 'local')
    return (
      expression.variable.name.startsWith('t$') &&
      expression.variable.final &&
      nonNullTemporaries.has(expression.variable)
    );
  if (expression.kind === 'recordField') {
    return expression.access === 'schildren' || (expression.access === 'sget' && expression.type.key === 'boolean');
  }
  return NEVER_NULL.has(expression.kind);
}

/** Temporaries that hold the target of a `?.` after its test. */
const nonNullTemporaries = new WeakSet<ir.Variable>();

export const markNonNull = (variable: ir.Variable): void => void nonNullTemporaries.add(variable);

/** The receiver of a member access: NullPointerException instead of null. */
export const receiver = (value: ir.Expression): ir.Expression =>
  neverNull(value) ? value : runtime(value, value.type, 'nn', value);

/**
 * Access to a member of `target`. With `?.` the access, and all of the chain that follows it,
 * happens only when the target is not null.
 */
export function through(
  b: Body,
  target: ir.Expression,
  safe: boolean,
  make: (target: ir.Expression) => ir.Expression,
): ir.Expression {
  if (target.kind === 'safe') {
    const body = through(b, target.body, safe, make);
    return { ...target, body, type: body.type };
  }
  if (!safe) return make(receiver(target));
  const variable = b.temporary(target.type);
  markNonNull(variable);
  const body = make(local(target, variable));
  return { kind: 'safe', line: target.line, column: target.column, type: body.type, variable, target, body };
}
