import { normalizeId } from '../../ids/record-id.ts';
import type { SqlValue } from '../../database/database.ts';
import { StoreError } from '../../types.ts';
import type { FieldSchema, FieldType, Value } from '../../types.ts';
import type { Bind, Position, Scalar } from '../ast.ts';
import { malformed, queryError } from '../errors.ts';
import { isoDate } from './dates.ts';
import type { PlanScope } from './scope.ts';
import type { Param, RunContext } from './sql.ts';

const NUMBERS = new Set<FieldType>(['int', 'double', 'currency', 'percent']);

/** A value to compare `field` with, checked against the field's type as far as the text tells. */
export function operandParam(
  scope: PlanScope,
  column: Compared,
  value: Exclude<Scalar, { kind: 'dateFormula' }>,
): Param {
  if (value.kind === 'bind') return (run) => toColumn(column.field, bindValue(run, value));
  const constant = literalValue(scope, column, value);
  return () => constant;
}

/** What a value is compared with. */
interface Compared {
  field: FieldSchema;
  position: Position;
}

function literalValue(
  scope: PlanScope,
  column: Compared,
  value: Exclude<Scalar, { kind: 'dateFormula' | 'bind' }>,
): SqlValue {
  if (value.kind === 'null') return null;
  const expected = literalKind(column.field.type);
  if (value.kind !== expected) throw mismatch(scope, column, expected);
  return toColumn(column.field, value.value);
}

/** The kind of literal that a field of this type is compared with. */
function literalKind(type: FieldType): 'string' | 'number' | 'boolean' | 'date' | 'datetime' | 'time' {
  if (NUMBERS.has(type)) return 'number';
  return type === 'boolean' || type === 'date' || type === 'datetime' || type === 'time' ? type : 'string';
}

function mismatch(scope: PlanScope, { field, position }: Compared, expected: string): StoreError {
  const type = expected === 'datetime' ? 'dateTime' : expected === 'number' ? field.type : expected;
  const quotes = expected === 'string' ? 'and should be enclosed in quotes' : 'and should not be enclosed in quotes';
  return queryError(
    'INVALID_FIELD',
    scope.text,
    position,
    `value of filter criterion for field '${field.name}' must be of type ${type} ${quotes}`,
  );
}

/** The value of a bind; names are matched without regard to case. */
export function bindValue(run: RunContext, bind: Bind): Value {
  const value = lookUp(run, bind.name);
  if (Array.isArray(value)) throw malformed(`Invalid bind expression type of a list for the variable ${bind.name}`);
  return value;
}

/** The values of a bind that stands behind IN. A single value is a list of one. */
export function bindList(run: RunContext, bind: Bind): Value[] {
  const value = lookUp(run, bind.name);
  return Array.isArray(value) ? value : [value];
}

function lookUp(run: RunContext, name: string): Value | Value[] {
  const value = run.binds[name];
  if (value !== undefined) return value;
  const key = Object.keys(run.binds).find((each) => each.toLowerCase() === name);
  if (key === undefined) throw unknownBind(Object.keys(run.binds).length > 0, name);
  return run.binds[key]!;
}

export const unknownBind = (apex: boolean, name: string): StoreError =>
  malformed(apex ? `Variable does not exist: ${name}` : 'Bind variables only allowed in Apex code');

/** A value in the form in which the field's column holds it. */
export function toColumn(field: FieldSchema, value: Value): SqlValue {
  if (value === null) return null;
  switch (field.type) {
    case 'id':
    case 'reference':
      return idOf(value);
    case 'boolean':
      return Number(expectType(field, value, 'boolean'));
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return expectType(field, value, 'number') as number;
    case 'datetime':
      return typeof value === 'string'
        ? Date.parse(`${value}T00:00:00Z`)
        : (expectType(field, value, 'number') as number);
    case 'date':
      return typeof value === 'number' ? isoDate(value) : (expectType(field, value, 'string') as string);
    case 'time':
      return expectType(field, value, 'number') as number;
    default:
      return String(value);
  }
}

function expectType(field: FieldSchema, value: Value, type: 'boolean' | 'number' | 'string'): Value {
  if (typeof value === type) return value;
  throw new StoreError('INVALID_FIELD', `value of filter criterion for field '${field.name}' must be of type ${type}`);
}

function idOf(value: Value): string {
  const id = typeof value === 'string' ? normalizeId(value) : null;
  if (id === null) throw new StoreError('INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${String(value)}`);
  return id;
}
