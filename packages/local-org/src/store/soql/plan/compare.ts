import { toSql } from '../../database/columns.ts';
import type { FieldSchema } from '../../types.ts';
import { coarsePattern, exactPattern, LIKE_FUNCTION } from '../like.ts';
import type { Comparison, Condition, DateFormula, Operand, Scalar } from '../ast.ts';
import { malformed, queryError, unsupported } from '../errors.ts';
import { dateRange, isoDate, type Range } from './dates.ts';
import type { Resolved } from './expression.ts';
import { isFilterable } from './group.ts';
import { bindList, bindValue, operandParam, toColumn } from './operand.ts';
import { semiJoin } from './where.ts';
import type { PlanScope } from './scope.ts';
import { param, raw, sql } from './sql.ts';
import type { Param, RunContext, Sql } from './sql.ts';

type Compare = Extract<Condition, { kind: 'compare' }>;
type Resolve = (expression: Compare['left']) => Resolved;

/**
 * One comparison in SQL. SOQL has two truth values: a comparison with an empty field is false, its
 * negation true. SQL has three, so whatever may be negated is written with IS NOT TRUE.
 */
export function compareSql(scope: PlanScope, condition: Compare, resolve: Resolve): Sql {
  const { left, operator, right } = condition;
  const column = resolve(left);
  checkFilterable(scope, column.field, left);
  if (right.kind === 'query') return semiJoin(scope, column, operator, right);
  switch (operator) {
    case 'IN':
      return inList(scope, column, right);
    case 'NOT IN':
      return sql`(${inList(scope, column, right)}) IS NOT TRUE`;
    case 'LIKE':
      return like(scope, column, right);
    case 'INCLUDES':
      return includes(column, right);
    case 'EXCLUDES':
      return sql`(${includes(column, right)}) IS NOT TRUE`;
    default:
      if (right.kind === 'list') throw malformed(`unexpected token: '(' behind ${operator}`);
      return right.kind === 'dateFormula'
        ? compareRange(scope, column, operator, right)
        : compareScalar(scope, column, operator, right);
  }
}

function checkFilterable(scope: PlanScope, field: FieldSchema, left: Compare['left']): void {
  if (!isFilterable(field))
    throw queryError(
      'INVALID_FIELD',
      scope.text,
      left.position,
      `field '${field.name}' can not be filtered in a query call`,
    );
}

const isNull = (scope: PlanScope, value: Scalar): boolean =>
  value.kind === 'null' || (value.kind === 'bind' && scope.shapes.get(value.name) === 'null');

function compareScalar(
  scope: PlanScope,
  column: Resolved,
  operator: Comparison,
  value: Exclude<Scalar, DateFormula & Scalar>,
): Sql {
  if (value.kind === 'bind' && scope.shapes.get(value.name)?.startsWith('list')) {
    // Apex lets a collection stand behind = and !=; it means IN and NOT IN.
    if (operator === '=') return inList(scope, column, value);
    if (operator === '!=') return sql`(${inList(scope, column, value)}) IS NOT TRUE`;
  }
  if (isNull(scope, value)) {
    if (operator === '=') return sql`${column.sql} IS NULL`;
    if (operator === '!=') return sql`${column.sql} IS NOT NULL`;
    return raw('0');
  }
  const operand = param(operandParam(scope, column, value));
  return operator === '!=' ? sql`${column.sql} IS NOT ${operand}` : sql`${column.sql} ${operator} ${operand}`;
}

function compareRange(
  scope: PlanScope,
  column: Resolved,
  operator: Comparison,
  value: Extract<Operand, { kind: 'dateFormula' }>,
): Sql {
  const { type, name } = column.field;
  if (type !== 'date' && type !== 'datetime') {
    throw queryError(
      'INVALID_FIELD',
      scope.text,
      value.position,
      `value of filter criterion for field '${name}' must not be a date literal`,
    );
  }
  const bound = (pick: keyof Range): Sql =>
    param((run) => {
      const moment = dateRange(value, run.now)[pick];
      return type === 'date' ? isoDate(moment) : moment;
    });
  switch (operator) {
    case '=':
      return sql`(${column.sql} >= ${bound('start')} AND ${column.sql} < ${bound('end')})`;
    case '!=':
      return sql`(${column.sql} >= ${bound('start')} AND ${column.sql} < ${bound('end')}) IS NOT TRUE`;
    case '<':
      return sql`${column.sql} < ${bound('start')}`;
    case '>=':
      return sql`${column.sql} >= ${bound('start')}`;
    case '>':
      return sql`${column.sql} >= ${bound('end')}`;
    case '<=':
      return sql`${column.sql} < ${bound('end')}`;
    default:
      throw malformed(`${operator} cannot be used with a date literal`);
  }
}

type ListOperand = Extract<Operand, { kind: 'list' }> | Scalar;

/** A list is one parameter, a JSON array, so that a plan serves lists of any length. */
function inList(scope: PlanScope, column: Resolved, operand: ListOperand): Sql {
  const { field } = column;
  if (operand.kind === 'bind') {
    const shape = scope.shapes.get(operand.name);
    const values = param((run) =>
      JSON.stringify(
        bindList(run, operand)
          .filter((value) => value !== null)
          .map((value) => toColumn(field, value)),
      ),
    );
    const found = sql`${column.sql} IN (SELECT value FROM json_each(${values}))`;
    return shape === 'listWithNull' || shape === 'null' ? sql`(${found} OR ${column.sql} IS NULL)` : found;
  }
  if (operand.kind !== 'list') throw malformed('IN needs a list in parentheses, a bind or a subquery');
  if (operand.items.some((item) => item.kind === 'dateFormula')) throw unsupported('a date literal in a list');
  const items = operand.items as Exclude<Scalar, { kind: 'dateFormula' }>[];
  const given = items.filter((item) => !isNull(scope, item)).map((item) => operandParam(scope, column, item));
  const found = sql`${column.sql} IN (${{ text: given.map(() => '?').join(', '), params: given }})`;
  return given.length < items.length ? sql`(${found} OR ${column.sql} IS NULL)` : found;
}

function like(scope: PlanScope, column: Resolved, operand: ListOperand): Sql {
  if (operand.kind === 'list') throw malformed('LIKE needs one pattern');
  if (isNull(scope, operand)) return sql`${column.sql} IS NULL`;
  if (operand.kind === 'bind') {
    if (!scope.shapes.get(operand.name)?.startsWith('list'))
      return likePattern(column, (run) => toSql(bindValue(run, operand)));
    const patterns = param((run) =>
      JSON.stringify(bindList(run, operand).map((each) => [coarsePattern(String(each)), exactPattern(String(each))])),
    );
    return sql`EXISTS (SELECT 1 FROM json_each(${patterns}) WHERE ${column.sql} LIKE json_extract(value, '$[0]') ESCAPE '\\'
      AND (json_extract(value, '$[1]') IS NULL OR ${LIKE_FUNCTION}(${column.sql}, json_extract(value, '$[1]')) = 1))`;
  }
  if (operand.kind !== 'string')
    throw queryError(
      'INVALID_FIELD',
      scope.text,
      operand.position,
      `LIKE needs a string for field '${column.field.name}'`,
    );
  return likePattern(column, () => operand.value);
}

function likePattern(column: Resolved, pattern: Param): Sql {
  const text = (run: RunContext): string => {
    const value = pattern(run);
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  const exact = param((run) => exactPattern(text(run)));
  return sql`(${column.sql} LIKE ${param((run) => coarsePattern(text(run)))} ESCAPE '\\' AND (${exact} IS NULL OR ${LIKE_FUNCTION}(${column.sql}, ${exact}) = 1))`;
}

/** Name of the SQL function behind INCLUDES; run/functions.ts defines it. */
export const INCLUDES_FUNCTION = 'multipicklist_includes';

function includes(column: Resolved, operand: ListOperand): Sql {
  if (column.field.type !== 'multipicklist')
    throw malformed(`INCLUDES and EXCLUDES need a multi-select picklist, not ${column.field.name}`);
  const items = param((run) => {
    if (operand.kind === 'bind') return JSON.stringify(bindList(run, operand));
    if (operand.kind !== 'list') throw malformed('INCLUDES and EXCLUDES need a list');
    return JSON.stringify(
      operand.items.map((item) => (item.kind === 'bind' ? bindValue(run, item) : 'value' in item ? item.value : null)),
    );
  });
  return sql`${INCLUDES_FUNCTION}(${column.sql}, ${items}) = 1`;
}
