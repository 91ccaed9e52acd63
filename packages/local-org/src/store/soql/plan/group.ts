/** GROUP BY, and which fields describe calls groupable and sortable. */
import type { FieldSchema, FieldType } from '../../types.ts';
import type { Expression, Query } from '../ast.ts';
import { queryError } from '../errors.ts';
import { resolveExpression, type Resolved } from './expression.ts';
import type { PlanScope, Source } from './scope.ts';
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

/**
 * Types that GROUP BY takes (object reference, field properties). Custom Number fields are doubles and
 * so are not among them; neither is a formula or a date/time, which needs a date function.
 */
const GROUPABLE = new Set<FieldType>([
  'id',
  'string',
  'picklist',
  'boolean',
  'int',
  'date',
  'reference',
  'email',
  'phone',
  'url',
  'combobox',
  'textarea',
]);
const MAX_LENGTH = 255;

/** Whether describe says `groupable` of the field. */
export function isGroupable(field: FieldSchema): boolean {
  return (
    field.formula === undefined &&
    GROUPABLE.has(field.type) &&
    (field.type !== 'textarea' || (field.length ?? 0) <= MAX_LENGTH)
  );
}

/** Whether describe says `sortable`. */
export function isSortable(field: FieldSchema): boolean {
  const unsortable =
    field.type === 'multipicklist' ||
    field.type === 'base64' ||
    field.type === 'address' ||
    field.type === 'encryptedstring';
  return !unsortable && (field.type !== 'textarea' || (field.length ?? 0) <= MAX_LENGTH);
}

/** Whether WHERE takes the field. Of an address describe says `filterable`, by which it means its distance alone. */
export function isFilterable(field: FieldSchema): boolean {
  return (
    field.type !== 'base64' &&
    field.type !== 'address' &&
    field.type !== 'encryptedstring' &&
    (field.type !== 'textarea' || (field.length ?? 0) <= MAX_LENGTH)
  );
}
