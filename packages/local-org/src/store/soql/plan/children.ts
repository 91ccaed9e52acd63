import type { ObjectSchema } from '../../types.ts';
import type { Query } from '../ast.ts';
import { queryError, unsupported } from '../errors.ts';
import { isAggregate, resolveExpression } from './expression.ts';
import { orderSql, orderTerms, pageSql } from './order.ts';
import { type PlanScope, Source } from './scope.ts';
import { Columns, expandSelect } from './select.ts';
import type { RowShape } from './select.ts';
import { joinSql, param, raw, sql } from './sql.ts';
import type { Sql } from './sql.ts';
import { whereSql } from './where.ts';

/** A child subquery: runs once for all parents, whose ids are `RunContext.parentIds`. */
export interface ChildPlan {
  /** The relationship in schema spelling. */
  name: string;
  object: ObjectSchema;
  sql: Sql;
  shape: RowShape;
  /** Column that holds the parent's id. */
  parentColumn: number;
}

/** Plans `(SELECT … FROM Contacts …)`. A LIMIT counts for each parent by itself. */
export function planChildren(scope: PlanScope, parent: ObjectSchema, query: Query): ChildPlan {
  const link = parent.childRelationships.get(query.from.toLowerCase());
  const object = link && scope.schema.objects.get(link.object.toLowerCase());
  if (link === undefined || object === undefined) {
    throw queryError(
      'INVALID_TYPE',
      scope.text,
      query.fromPosition,
      `Didn't understand relationship '${query.from}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`,
    );
  }
  const source = new Source(scope, object);
  scope.touch(source, null, query.fromPosition);
  const lookup = raw(source.column(object.fields.get(link.field.toLowerCase())!));
  const columns = new Columns();
  columns.id(source.alias);
  const parentColumn = columns.hidden(lookup);
  for (const item of expandSelect(scope, object, query)) {
    if (item.kind === 'children') throw unsupported('a subquery within a subquery');
    if (item.kind !== 'field' || isAggregate(item.path)) throw unsupported('a function in a subquery');
    columns.add(resolveExpression(scope, source, item.path, query.alias), item, false);
  }
  const where = whereSql(scope, source, query, [
    sql`${lookup} IN (SELECT value FROM json_each(${param((run) => run.parentIds)}))`,
  ]);
  const terms = orderTerms(scope, source, query);
  return {
    name: link.name,
    object,
    shape: columns.shape,
    parentColumn,
    sql: childSql(columns, source, where, terms, lookup, query),
  };
}

function childSql(columns: Columns, source: Source, where: Sql, terms: Sql[], lookup: Sql, query: Query): Sql {
  const from = sql`FROM ${source.fromClause}${where}`;
  if (query.limit === null) return sql`SELECT ${columns.sql()} ${from}${orderSql(terms)}`;
  const order = terms.length === 0 ? raw(`${source.alias}.rowid`) : joinSql(terms, ', ');
  const rank = sql`ROW_NUMBER() OVER (PARTITION BY ${lookup} ORDER BY ${order}) AS "$rank"`;
  const limit = { ...pageSql({ limit: query.limit, offset: null }), text: '?' };
  return sql`SELECT * FROM (SELECT ${columns.sql()}, ${rank} ${from}) WHERE "$rank" <= ${limit} ORDER BY "$rank"`;
}
