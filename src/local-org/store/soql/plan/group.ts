import type { Query } from '../ast.ts';
import { queryError } from '../errors.ts';
import { resolveExpression } from './expression.ts';
import { isGroupable } from './groupable.ts';
import type { PlanScope } from './scope.ts';
import type { Source } from './source.ts';
import type { Sql } from './sql.ts';

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
