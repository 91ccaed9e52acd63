import type { Comparison, Operand } from '../ast.ts';
import { malformed, noSuchObject, queryError } from '../errors.ts';
import type { Resolved } from './expression.ts';
import { resolvePath } from './resolve.ts';
import type { PlanScope } from './scope.ts';
import { Source } from './source.ts';
import { sql } from './sql.ts';
import type { Sql } from './sql.ts';
import { whereSql } from './where.ts';

/** `Id IN (SELECT AccountId FROM Contact …)` and its negation. Empty lookups of the inner query match nothing. */
export function semiJoin(
  scope: PlanScope,
  column: Resolved,
  operator: Comparison,
  operand: Extract<Operand, { kind: 'query' }>,
): Sql {
  if (operator !== 'IN' && operator !== 'NOT IN') throw malformed(`a subquery needs IN or NOT IN, not ${operator}`);
  const { query } = operand;
  const object = scope.schema.objects.get(query.from.toLowerCase());
  if (object === undefined || !object.queryable) throw noSuchObject(scope.text, query.fromPosition, query.from);
  const [item, ...others] = query.select;
  if (item?.kind !== 'field' || others.length > 0) {
    throw queryError(
      'MALFORMED_QUERY',
      scope.text,
      operand.position,
      'The inner select of a semi-join must select one field',
    );
  }
  const source = new Source(scope, object);
  scope.touch(source, null, query.fromPosition);
  const inner = resolvePath(scope, source, item.path, query.alias);
  checkIdTypes(scope, column, inner.field.type, operand);
  const where = whereSql(scope, source, query, [sql`${inner.sql} IS NOT NULL`]);
  const found = sql`${column.sql} IN (SELECT ${inner.sql} FROM ${source.fromClause}${where})`;
  return operator === 'IN' ? found : sql`(${found}) IS NOT TRUE`;
}

function checkIdTypes(
  scope: PlanScope,
  column: Resolved,
  inner: string,
  operand: Extract<Operand, { kind: 'query' }>,
): void {
  const isId = (type: string): boolean => type === 'id' || type === 'reference';
  if (isId(column.field.type) && isId(inner)) return;
  throw queryError(
    'MALFORMED_QUERY',
    scope.text,
    operand.position,
    'Semi joins need an Id or reference field on both sides',
  );
}
