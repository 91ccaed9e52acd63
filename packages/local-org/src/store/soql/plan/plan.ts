import type { ObjectSchema, QueryColumn } from '../../types.ts';
import type { Call, Expression, Query, SelectItem } from '../ast.ts';
import { malformed, noSuchObject, queryError } from '../errors.ts';
import { planChildren } from './children.ts';
import type { ChildPlan } from './children.ts';
import { isAggregate, resolveExpression } from './expression.ts';
import type { Resolved } from './expression.ts';
import { checkGrouped, groupTerms } from './group.ts';
import { orderSql, orderTerms, pageSql } from './order.ts';
import { type PlanScope, Source } from './scope.ts';
import { Columns, expandSelect } from './select.ts';
import type { RowShape } from './select.ts';
import { joinSql, raw, sql } from './sql.ts';
import type { Sql } from './sql.ts';
import { conditionSql, whereSql } from './where.ts';

/** A query ready to run: one SQL statement and how to read its rows. */
export interface Plan {
  sql: Sql;
  object: ObjectSchema;
  shape: RowShape;
  /** In the order of the SELECT list. */
  columns: QueryColumn[];
  children: ChildPlan[];
  /** `SELECT COUNT()`: the only row's only column is the count. */
  countOnly: boolean;
  aggregate: boolean;
  /** Column that tells how many rows an aggregate result stands for, when those count toward the limit. */
  rowsColumn: number | null;
  grouped: boolean;
}

/** Plans a whole query. */
export function planQuery(scope: PlanScope, query: Query): Plan {
  const object = scope.schema.objects.get(query.from.toLowerCase());
  if (object === undefined || !object.queryable || (object.toolingOnly === true && !scope.tooling))
    throw noSuchObject(scope.text, query.fromPosition, query.from);
  const source = new Source(scope, object);
  scope.touch(source, null, query.fromPosition);
  return isCountOnly(query) ? planCount(scope, source, query) : planRows(scope, source, query);
}

const isCountOnly = (query: Query): boolean => {
  const [item, ...others] = query.select;
  return (
    others.length === 0 &&
    query.groupBy.length === 0 &&
    item?.kind === 'function' &&
    item.call.name === 'COUNT' &&
    item.call.argument === null
  );
};

function planCount(scope: PlanScope, source: Source, query: Query): Plan {
  if (query.orderBy.length > 0) throw malformed('COUNT() cannot be used with ORDER BY');
  const where = whereSql(scope, source, query);
  const page = pageSql(query);
  const from = sql`FROM ${source.fromClause}${where}`;
  const counted = page.text === '' ? sql`SELECT COUNT(*) ${from}` : sql`SELECT COUNT(*) FROM (SELECT 1 ${from}${page})`;
  return {
    sql: counted,
    object: source.object,
    shape: new Columns().shape,
    columns: [],
    children: [],
    countOnly: true,
    aggregate: true,
    rowsColumn: null,
    grouped: false,
  };
}

function planRows(scope: PlanScope, source: Source, query: Query): Plan {
  const items = expandSelect(scope, source.object, query);
  const aggregate =
    query.groupBy.length > 0 || items.some((item) => item.kind === 'function' && isAggregate(item.call));
  const groups = aggregate ? groupTerms(scope, source, query) : undefined;
  if (groups?.length === 0 && query.limit !== null) {
    throw malformed('Non-grouped query that uses overall aggregate functions cannot also use LIMIT');
  }
  const { columns, rowsColumn } = selectColumns(scope, source, query, items, groups);
  const where = whereSql(scope, source, query);
  const grouping = groups === undefined || groups.length === 0 ? raw('') : sql` GROUP BY ${joinSql(groups, ', ')}`;
  const having = havingSql(scope, source, query, groups ?? []);
  const order = orderSql(orderTerms(scope, source, query, groups));
  const children = items
    .filter((item) => item.kind === 'children')
    .map((item) => planChildren(scope, source.object, item.query));
  const text = sql`SELECT ${columns.sql()} FROM ${source.fromClause}${where}${grouping}${having}${order}${pageSql(query)}`;
  const grouped = groups !== undefined && groups.length > 0;
  return {
    sql: text,
    object: source.object,
    shape: columns.shape,
    columns: columns.named,
    children,
    countOnly: false,
    aggregate,
    rowsColumn,
    grouped,
  };
}

function selectColumns(
  scope: PlanScope,
  source: Source,
  query: Query,
  items: SelectItem[],
  groups: Sql[] | undefined,
): { columns: Columns; rowsColumn: number | null } {
  const aggregate = groups !== undefined;
  const columns = new Columns();
  if (!aggregate) columns.id(source.alias);
  let rowsCount = false;
  for (const item of items) {
    if (item.kind === 'children') checkChildren(scope, item, aggregate);
    if (item.kind !== 'field' && item.kind !== 'function') continue;
    const expression = item.kind === 'field' ? item.path : stripLabel(item.call);
    const column = resolveExpression(scope, source, expression, query.alias);
    rowsCount ||= column.aggregate?.rowsCount === true;
    if (aggregate) checkGrouped(scope, groups, column, expression, 'Field');
    columns.add(column, item, aggregate);
  }
  return { columns, rowsColumn: rowsCount ? columns.hidden(raw('COUNT(*)')) : null };
}

function havingSql(scope: PlanScope, source: Source, query: Query, groups: Sql[]): Sql {
  if (query.having === null) return raw('');
  const check = (expression: Expression, column: Resolved): void =>
    checkGrouped(scope, groups, column, expression, 'Field in HAVING');
  return sql` HAVING ${conditionSql(scope, source, query.having, query.alias, check)}`;
}

/** toLabel() is applied when rows are read. */
const stripLabel = (call: Call): Expression =>
  call.name === 'TOLABEL' && call.argument !== null ? call.argument : call;

function checkChildren(scope: PlanScope, item: Extract<SelectItem, { kind: 'children' }>, aggregate: boolean): void {
  if (aggregate)
    throw queryError(
      'MALFORMED_QUERY',
      scope.text,
      item.query.fromPosition,
      'A subquery cannot be used with aggregate functions or GROUP BY',
    );
}
