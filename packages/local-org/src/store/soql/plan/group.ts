import type { Expression, Query } from '../ast.ts';
import { queryError } from '../errors.ts';
import { resolveExpression } from './expression.ts';
import type { Resolved } from './expression.ts';
import { isGroupable } from './groupable.ts';
import type { PlanScope } from './scope.ts';
import type { Source } from './source.ts';
import type { Sql } from './sql.ts';

/** Refuses a column that an aggregate query neither groups by nor aggregates; `what` begins the message. */
export function checkGrouped(
  scope: PlanScope,
  groups: Sql[],
  column: Resolved,
  expression: Expression,
  what: string,
): void {
  if (column.aggregate !== undefined || groups.some((group) => group.text === column.sql.text)) return;
  const name = expression.kind === 'path' ? expression.parts.join('.') : expression.name;
  throw queryError(
    'MALFORMED_QUERY',
    scope.text,
    expression.position,
    `${what} must be grouped or aggregated: ${name}`,
  );
}

/** The terms of GROUP BY. */
export function groupTerms(scope: PlanScope, source: Source, query: Query): Sql[] {
  return query.groupBy.map((expression) => {
    const column = resolveExpression(scope, source, expression, query.alias);
    if (expression.kind === 'path' && !isGroupable(column.field)) {
      throw queryError(
        'INVALID_FIELD',
        scope.text,
        expression.position,
        `field '${column.field.name}' can not be grouped in a query call`,
      );
    }
    return column.sql;
  });
}
