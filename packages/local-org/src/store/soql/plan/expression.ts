import { field } from '../../schema/field.ts';
import type { FieldSchema, FieldType, ObjectSchema } from '../../types.ts';
import type { Call, Expression, Position } from '../ast.ts';
import { malformed, queryError, unsupported } from '../errors.ts';
import { DATE_FUNCTIONS, dateFunctionSql } from './dates.ts';
import { resolvePath } from './resolve.ts';
import type { PlanScope, Parent, Source } from './scope.ts';
import { raw, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** An expression in SQL. For a function, `field` describes the result. */
export interface Resolved {
  sql: Sql;
  field: FieldSchema;
  object: ObjectSchema;
  parents: Parent[];
  position: Position;
  /** Set for COUNT, SUM and so on: whether the aggregated rows count toward the row limit. */
  aggregate?: { rowsCount: boolean };
}

const NUMERIC = new Set<FieldType>(['int', 'double', 'currency', 'percent']);
const UNORDERED = new Set<FieldType>(['boolean', 'multipicklist', 'base64', 'address', 'textarea']);
const AGGREGATES = new Set(['COUNT', 'COUNT_DISTINCT', 'SUM', 'AVG', 'MIN', 'MAX']);

export const isAggregate = (expression: Expression): boolean =>
  expression.kind === 'call' && AGGREGATES.has(expression.name);

/** Finds what an expression of any clause means. */
export function resolveExpression(
  scope: PlanScope,
  source: Source,
  expression: Expression,
  alias: string | null,
): Resolved {
  if (expression.kind === 'path') return resolvePath(scope, source, expression, alias);
  if (AGGREGATES.has(expression.name)) return resolveAggregate(scope, source, expression, alias);
  const argument = expression.argument;
  if (argument === null) throw malformed(`${expression.name}() needs a field`);
  const inner = resolveExpression(scope, source, argument, alias);
  // Everything is in UTC here, so a conversion to the user's time zone changes nothing.
  if (expression.name === 'CONVERTTIMEZONE') return inner;
  if (!DATE_FUNCTIONS.has(expression.name)) throw unsupported(`${expression.name}() outside the SELECT list`);
  if (inner.field.type !== 'date' && inner.field.type !== 'datetime') {
    throw queryError(
      'INVALID_FIELD',
      scope.text,
      expression.position,
      `Invalid field '${inner.field.name}' for ${expression.name}: it must be a date or date/time field`,
    );
  }
  const type = expression.name === 'DAY_ONLY' ? 'date' : 'int';
  return {
    ...inner,
    position: expression.position,
    sql: dateFunctionSql(expression.name, inner.sql, inner.field.type),
    field: result(inner.field, type),
  };
}

function resolveAggregate(scope: PlanScope, source: Source, call: Call, alias: string | null): Resolved {
  const { name } = call;
  if (call.argument === null) {
    return {
      sql: raw('COUNT(*)'),
      field: field({ name: 'count', label: 'count', type: 'int' }),
      object: source.object,
      parents: [],
      position: call.position,
      aggregate: { rowsCount: false },
    };
  }
  const inner = resolveExpression(scope, source, call.argument, alias);
  if (!supports(name, inner.field.type)) {
    throw queryError(
      'INVALID_FIELD',
      scope.text,
      call.position,
      `field ${inner.field.name} does not support aggregate operator ${name}`,
    );
  }
  const counts = name === 'COUNT' || name === 'COUNT_DISTINCT';
  const column = name === 'COUNT_DISTINCT' ? sql`COUNT(DISTINCT ${inner.sql})` : sql`${name}(${inner.sql})`;
  const type: FieldType = counts ? 'int' : name === 'AVG' ? 'double' : inner.field.type;
  return {
    ...inner,
    position: call.position,
    sql: column,
    field: counts || name === 'AVG' ? result(inner.field, type) : inner.field,
    aggregate: { rowsCount: !counts },
  };
}

function supports(name: string, type: FieldType): boolean {
  if (name === 'SUM' || name === 'AVG') return NUMERIC.has(type);
  if (name === 'MIN' || name === 'MAX') return !UNORDERED.has(type);
  return type !== 'base64' && type !== 'address';
}

const result = (of: FieldSchema, type: FieldType): FieldSchema => field({ name: of.name, label: of.label, type });
