/** ORDER BY, LIMIT and OFFSET in SQL. */
import type { FieldSchema } from '../../types.ts';
import { StoreError } from '../../types.ts';
import type { Bind, OrderItem, Query } from '../ast.ts';
import { malformed, queryError } from '../errors.ts';
import { resolveExpression } from './expression.ts';
import { checkGrouped, isSortable } from './group.ts';
import { bindValue } from './operand.ts';
import type { PlanScope, Source } from './scope.ts';
import { joinSql, param, raw, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** Largest OFFSET (SOQL and SOSL reference). */
export const MAX_OFFSET = 2000;

/**
 * The terms behind ORDER BY; rows that compare equal keep the order in which they were inserted. A
 * query that locks is ordered by id and takes no other order. `groups` are those of an aggregate query.
 */
export function orderTerms(scope: PlanScope, source: Source, query: Query, groups?: Sql[]): Sql[] {
  if (query.forUpdate && groups === undefined) return lockOrder(scope, source, query);
  const terms = query.orderBy.map((item) => orderTerm(scope, source, item, query.alias, groups));
  return terms.length === 0 || groups !== undefined ? terms : [...terms, raw(`${source.alias}.rowid`)];
}

function lockOrder(scope: PlanScope, source: Source, query: Query): Sql[] {
  const [item] = query.orderBy;
  if (item !== undefined) {
    throw queryError(
      'MALFORMED_QUERY',
      scope.text,
      item.expression.position,
      'ORDER BY is not allowed with FOR UPDATE: rows are locked in the order of their ids',
    );
  }
  return [raw(`${source.alias}."Id"`)];
}

/** ` ORDER BY …`, or nothing. */
export const orderSql = (terms: Sql[]): Sql => (terms.length === 0 ? raw('') : sql` ORDER BY ${joinSql(terms, ', ')}`);

function orderTerm(scope: PlanScope, source: Source, item: OrderItem, alias: string | null, groups?: Sql[]): Sql {
  const column = resolveExpression(scope, source, item.expression, alias);
  if (groups !== undefined) checkGrouped(scope, groups, column, item.expression, 'Ordered field');
  if (!isSortable(column.field)) {
    throw queryError(
      'INVALID_FIELD',
      scope.text,
      item.expression.position,
      `field '${column.field.name}' can not be sorted in a query call`,
    );
  }
  const sorted =
    column.aggregate === undefined && column.field.picklist !== undefined
      ? picklistRank(column.sql, column.field)
      : column.sql;
  return sql`${sorted} ${item.descending ? 'DESC' : 'ASC'} NULLS ${item.nulls === 'last' ? 'LAST' : 'FIRST'}`;
}

/** Picklists sort by the order of their values; values that are not in the list come behind. */
function picklistRank(column: Sql, field: FieldSchema): Sql {
  const values = field.picklist!;
  if (values.length === 0 || field.type !== 'picklist') return column;
  const branches = values.map((value, index) => sql`WHEN ${param(() => value.value)} THEN ${String(index)}`);
  return sql`(CASE WHEN ${column} IS NOT NULL THEN CASE ${column} ${joinSql(branches, ' ')} ELSE ${String(values.length)} END END)`;
}

/** ` LIMIT … OFFSET …`, or nothing. */
export function pageSql(query: Pick<Query, 'limit' | 'offset'>): Sql {
  if (query.limit === null && query.offset === null) return raw('');
  const limit = query.limit === null ? raw('-1') : countSql(query.limit);
  return query.offset === null
    ? sql` LIMIT ${limit}`
    : sql` LIMIT ${limit} OFFSET ${countSql(query.offset, MAX_OFFSET)}`;
}

function countSql(count: number | Bind, maximum?: number): Sql {
  return param((run) => {
    const value = typeof count === 'number' ? count : bindValue(run, count);
    if (typeof value !== 'number' || value < 0) throw malformed('LIMIT and OFFSET need a number that is not negative');
    if (maximum !== undefined && value > maximum)
      throw new StoreError('NUMBER_OUTSIDE_VALID_RANGE', `Maximum SOQL offset allowed is ${maximum}`);
    return value;
  });
}
