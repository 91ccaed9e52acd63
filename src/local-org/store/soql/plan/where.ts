import type { Condition, Expression } from '../ast.ts';
import { compareSql } from './compare.ts';
import { resolveExpression } from './expression.ts';
import type { Resolved } from './expression.ts';
import type { PlanScope } from './scope.ts';
import type { Source } from './source.ts';
import { joinSql, param, raw, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** A condition of WHERE or HAVING in SQL. */
export function conditionSql(scope: PlanScope, source: Source, condition: Condition, alias: string | null): Sql {
  const resolve = (expression: Expression): Resolved => resolveExpression(scope, source, expression, alias);
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

/** All conditions on the rows of a source: the query's own, not deleted, visible to the user. Empty when there are none. */
export function whereSql(
  scope: PlanScope,
  source: Source,
  condition: Condition | null,
  alias: string | null,
  more: Sql[] = [],
): Sql {
  const conditions = [...more];
  if (condition !== null) conditions.push(conditionSql(scope, source, condition, alias));
  const deleted = source.object.fields.get('isdeleted');
  if (deleted !== undefined && !scope.allRows) conditions.push(raw(`${source.column(deleted)} = 0`));
  if (scope.restricted.has(source.object.name.toLowerCase())) conditions.push(sharingSql(source));
  return conditions.length === 0 ? raw('') : sql` WHERE ${joinSql(conditions, ' AND ')}`;
}

/** Under a private sharing model the user sees the rows of visible owners. */
function sharingSql(source: Source): Sql {
  const owner = source.column(source.object.fields.get('ownerid')!);
  return sql`${owner} IN (SELECT value FROM json_each(${param((run) => run.visibleOwners())}))`;
}
