import { columnSql } from '../soql/plan/resolve.ts';
import { PlanScope } from '../soql/plan/scope.ts';
import { Source } from '../soql/plan/source.ts';
import type { FieldSchema, ObjectSchema, Schema } from '../types.ts';

/**
 * SQL that reads the id and all fields of the rows whose ids are in its one parameter, a JSON array.
 * Formulas, and the parents that they read, go through the query planner.
 */
export function readStatement(schema: Schema, object: ObjectSchema, fields: FieldSchema[]): string {
  const scope = new PlanScope({ schema, text: object.name, shapes: new Map(), restricted: new Set(), allRows: true });
  const source = new Source(scope, object);
  const columns = fields.map((field) => columnSql(scope, source, field, { line: 1, column: 1 }).text);
  return `SELECT ${[`${source.alias}."Id"`, ...columns].join(', ')} FROM ${source.fromClause} WHERE ${source.alias}."Id" IN (SELECT value FROM json_each(?))`;
}
