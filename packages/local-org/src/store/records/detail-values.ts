import { fromSql } from '../database/columns.ts';
import { quote, type Database, type SqlRow } from '../database/database.ts';
import { columnSql } from '../soql/plan/resolve.ts';
import { PlanScope, Source } from '../soql/plan/scope.ts';
import type { FieldSchema, ObjectSchema, Schema, Value } from '../types.ts';

/** What a detail tells its master: the values of some of its fields, by name. */
export interface DetailValues {
  master: string;
  values: ReadonlyMap<string, Value>;
}

/** Reads fields of the details of masters, formulas included. Statements are kept. */
export class DetailReader {
  readonly #database: Database;
  readonly #schema: Schema;
  readonly #statements = new Map<string, string>();

  constructor(database: Database, schema: Schema) {
    this.#database = database;
    this.#schema = schema;
  }

  /** The details, not deleted, whose lookup names one of the masters, in the order of their ids. */
  read(detail: ObjectSchema, lookup: FieldSchema, fields: readonly FieldSchema[], masters: string[]): DetailValues[] {
    const key = [detail.name, lookup.name, ...fields.map((field) => field.name)].join();
    let statement = this.#statements.get(key);
    if (statement === undefined) this.#statements.set(key, (statement = this.#statementOf(detail, lookup, fields)));
    return this.#database.all(statement, [JSON.stringify(masters)]).map(([master, ...row]) => ({
      master: master as string,
      values: new Map(fields.map((field, index): [string, Value] => [field.name, fromSql(field.type, row[index])])),
    }));
  }

  /** One row for each master that has details, not deleted: its id and the aggregates, SQL over the columns of the details. */
  aggregate(detail: ObjectSchema, lookup: FieldSchema, aggregates: readonly string[], masters: string[]): SqlRow[] {
    const master = quote(lookup.name);
    const alive = detail.fields.has('isdeleted') ? ' AND "IsDeleted" = 0' : '';
    return this.#database.all(
      `SELECT ${[master, ...aggregates].join(', ')} FROM ${quote(detail.name)} WHERE ${master} IN (SELECT value FROM json_each(?))${alive} GROUP BY ${master}`,
      [JSON.stringify(masters)],
    );
  }

  /** Ids of all records of an object, deleted ones too. */
  idsOf(object: ObjectSchema): string[] {
    return this.#database.all(`SELECT "Id" FROM ${quote(object.name)} ORDER BY "Id"`).map(([id]) => id as string);
  }

  #statementOf(detail: ObjectSchema, lookup: FieldSchema, fields: readonly FieldSchema[]): string {
    const scope = new PlanScope({
      schema: this.#schema,
      text: detail.name,
      shapes: new Map(),
      restricted: new Set(),
      allRows: true,
    });
    const source = new Source(scope, detail);
    const columns = fields.map((field) => columnSql(scope, source, field, { line: 1, column: 1 }).text);
    const master = source.column(lookup);
    const deleted = detail.fields.get('isdeleted');
    const alive = deleted === undefined ? '' : ` AND ${source.column(deleted)} = 0`;
    return `SELECT ${[master, ...columns].join(', ')} FROM ${source.fromClause} WHERE ${master} IN (SELECT value FROM json_each(?))${alive} ORDER BY ${source.alias}."Id"`;
  }
}
