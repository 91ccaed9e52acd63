import type { Condition, Expression, Query } from '../ast.ts';
import { malformed, unsupported } from '../errors.ts';
import { compareSql } from './compare.ts';
import { resolveExpression } from './expression.ts';
import type { Resolved } from './expression.ts';
import type { PlanScope } from './scope.ts';
import type { Source } from './source.ts';
import { joinSql, param, raw, sql } from './sql.ts';
import type { Sql } from './sql.ts';

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
  if (scope.restricted.has(source.object.name.toLowerCase())) conditions.push(sharingSql(source));
  return conditions.length === 0 ? raw('') : sql` WHERE ${joinSql(conditions, ' AND ')}`;
}

/** USING SCOPE mine. */
function mineSql(source: Source): Sql {
  const owner = source.object.fields.get('ownerid');
  if (owner === undefined) throw unsupported(`USING SCOPE mine on ${source.object.name}, which has no owner`);
  return sql`${source.column(owner)} = ${param((run) => run.userId)}`;
}

/** Under a private sharing model the user sees the rows of visible owners. */
function sharingSql(source: Source): Sql {
  const owner = source.column(source.object.fields.get('ownerid')!);
  return sql`${owner} IN (SELECT value FROM json_each(${param((run) => run.visibleOwners())}))`;
}
