/** WHERE and HAVING in SQL, subqueries in them included. */
import { mastersOf } from '../../schema/relationships.ts';
import type { Condition, Expression, Query, Comparison, Operand } from '../ast.ts';
import { malformed, unsupported, noSuchObject, queryError } from '../errors.ts';
import { compareSql } from './compare.ts';
import { resolveExpression, type Resolved } from './expression.ts';
import { resolvePath } from './resolve.ts';
import { type PlanScope, Source } from './scope.ts';
import { joinSql, param, raw, sql, type Sql } from './sql.ts';

/** Refuses an expression that the clause cannot have. */
type Check = (expression: Expression, column: Resolved) => void;

/** A condition of WHERE or HAVING in SQL. */
export function conditionSql(
  scope: PlanScope,
  source: Source,
  condition: Condition,
  alias: string | null,
  check: Check = refuseAggregate,
): Sql {
  const resolve = (expression: Expression): Resolved => {
    const column = resolveExpression(scope, source, expression, alias);
    check(expression, column);
    return column;
  };
  const compile = (at: Condition): Sql => {
    switch (at.kind) {
      case 'and':
        return sql`(${joinSql(at.conditions.map(compile), ' AND ')})`;
      case 'or':
        return sql`(${joinSql(at.conditions.map(compile), ' OR ')})`;
      case 'not':
        return sql`(${compile(at.condition)}) IS NOT TRUE`;
      case 'compare':
        return compareSql(scope, at, resolve);
    }
  };
  return compile(condition);
}

const refuseAggregate: Check = (_expression, column) => {
  if (column.aggregate !== undefined) throw malformed('Aggregate functions cannot be used in WHERE; use HAVING');
};

/** All conditions on the rows of a source: the query's own, not deleted, visible to the user. Empty when there are none. */
export function whereSql(
  scope: PlanScope,
  source: Source,
  query: Pick<Query, 'where' | 'alias' | 'scope'>,
  more: Sql[] = [],
): Sql {
  const conditions = [...more];
  if (query.where !== null) conditions.push(conditionSql(scope, source, query.where, query.alias));
  const deleted = source.object.fields.get('isdeleted');
  if (deleted !== undefined && !scope.allRows) conditions.push(raw(`${source.column(deleted)} = 0`));
  if (query.scope === 'mine') conditions.push(mineSql(source));
  if (scope.restricted.has(source.object.name.toLowerCase())) conditions.push(sharingSql(scope, source));
  return conditions.length === 0 ? raw('') : sql` WHERE ${joinSql(conditions, ' AND ')}`;
}

/** USING SCOPE mine. */
function mineSql(source: Source): Sql {
  const owner = source.object.fields.get('ownerid');
  if (owner === undefined) throw unsupported(`USING SCOPE mine on ${source.object.name}, which has no owner`);
  return sql`${source.column(owner)} = ${param((run) => run.userId)}`;
}

/** Under a private sharing model the user sees the rows of visible owners, and details of visible masters. */
function sharingSql(scope: PlanScope, source: Source): Sql {
  const owner = source.object.fields.get('ownerid');
  if (owner !== undefined)
    return sql`${source.column(owner)} IN (SELECT value FROM json_each(${param((run) => run.visibleOwners())}))`;
  const masters = mastersOf(source.object).flatMap((field) => {
    const master = scope.schema.objects.get(field.referenceTo![0]!.toLowerCase())!;
    if (!scope.restricted.has(master.name.toLowerCase())) return [];
    const above = new Source(scope, master);
    const visible = sql`SELECT ${above.alias}."Id" FROM ${above.fromClause} WHERE ${sharingSql(scope, above)}`;
    return [sql`${source.column(field)} IN (${visible})`];
  });
  return joinSql(masters, ' AND ');
}

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
