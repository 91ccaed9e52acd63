/** The stored rows. */
import { fromSql, isStored, storedFields, toSql } from '../database/columns.ts';
import { quote, type Database, type SqlRow } from '../database/database.ts';
import { columnSql } from '../soql/plan/resolve.ts';
import { PlanScope, Source } from '../soql/plan/scope.ts';
import type { FieldSchema, ObjectSchema, Row, Schema, Value } from '../types.ts';

interface Table {
  name: string;
  /** Columns in the order of the insert statement. */
  stored: FieldSchema[];
  /** Fields in the order of the read statement: stored ones and formulas. */
  read: FieldSchema[];
  insert: string;
  select: string;
  hasDeleted: boolean;
}

/** Rows in and out of the tables, without any rule. */
export class Records {
  readonly #database: Database;
  readonly #schema: Schema;
  readonly #tables = new Map<ObjectSchema, Table>();

  constructor(database: Database, schema: Schema) {
    this.#database = database;
    this.#schema = schema;
  }

  /** Full states by id, formulas included, in the order of `ids`; missing ones are left out, deleted ones too unless asked for. */
  read(object: ObjectSchema, ids: string[], deleted: 'without' | 'with' = 'without'): Row[] {
    if (ids.length === 0 || object.kind === 'platformEvent') return [];
    const table = this.#table(object);
    const found = new Map(
      this.#database.all(table.select, [JSON.stringify(ids)]).map((row): [string, SqlRow] => [row[0] as string, row]),
    );
    const rows: Row[] = [];
    for (const id of ids) {
      const row = found.get(id);
      if (row === undefined) continue;
      const values = new Map(
        table.read.map((field, index): [string, Value] => [field.name, fromSql(field.type, row[index + 1])]),
      );
      if (deleted === 'with' || values.get('IsDeleted') !== true) rows.push({ object: object.name, id, values });
    }
    return rows;
  }

  insert(object: ObjectSchema, values: ReadonlyMap<string, Value>): void {
    const table = this.#table(object);
    this.#database.run(
      table.insert,
      table.stored.map((field) => toSql(values.get(field.name) ?? null)),
    );
  }

  /** Writes the given fields of one row. */
  update(object: ObjectSchema, id: string, values: ReadonlyMap<string, Value>): void {
    if (values.size === 0) return;
    const set = [...values.keys()].map((name) => `${quote(name)} = ?`).join(', ');
    this.#database.run(`UPDATE ${quote(object.name)} SET ${set} WHERE "Id" = ?`, [
      ...[...values.values()].map(toSql),
      id,
    ]);
  }

  /** Removes rows for good. */
  erase(object: ObjectSchema, ids: string[]): void {
    this.#database.run(`DELETE FROM ${quote(object.name)} WHERE "Id" IN (SELECT value FROM json_each(?))`, [
      JSON.stringify(ids),
    ]);
  }

  /** Ids of rows, not deleted, whose field has one of these values. */
  idsWhere(object: ObjectSchema, field: FieldSchema, values: Value[], limit = -1): { id: string; value: Value }[] {
    const column = quote(field.name);
    const alive = this.#table(object).hasDeleted ? ' AND "IsDeleted" = 0' : '';
    return this.#database
      .all(
        `SELECT "Id", ${column} FROM ${quote(object.name)} WHERE ${column} IN (SELECT value FROM json_each(?))${alive} LIMIT ?`,
        [JSON.stringify(values.map(toSql)), limit],
      )
      .map(([id, value]) => ({ id: id as string, value: fromSql(field.type, value) }));
  }

  /** Id of another row, not deleted, that has all these values. */
  duplicateOf(object: ObjectSchema, values: [field: FieldSchema, value: Value][], id: string): string | null {
    const alive = this.#table(object).hasDeleted ? ' AND "IsDeleted" = 0' : '';
    const same = values.map(([field]) => `${quote(field.name)} = ?`).join(' AND ');
    const row = this.#database.get(
      `SELECT "Id" FROM ${quote(object.name)} WHERE ${same} AND "Id" <> ?${alive} LIMIT 1`,
      [...values.map(([, value]) => toSql(value)), id],
    );
    return row === undefined ? null : (row[0] as string);
  }

  /** Which of these ids belong to rows that are there and not deleted. */
  existing(object: ObjectSchema, ids: string[]): Set<string> {
    const alive = this.#table(object).hasDeleted ? ' AND "IsDeleted" = 0' : '';
    const rows = this.#database.all(
      `SELECT "Id" FROM ${quote(object.name)} WHERE "Id" IN (SELECT value FROM json_each(?))${alive}`,
      [JSON.stringify(ids)],
    );
    return new Set(rows.map(([id]) => id as string));
  }

  #table(object: ObjectSchema): Table {
    let table = this.#tables.get(object);
    if (table === undefined) {
      const stored = storedFields(object);
      const read = [...object.fields.values()].filter((field) => isStored(field) || field.formula !== undefined);
      table = {
        name: quote(object.name),
        stored,
        read,
        insert: `INSERT INTO ${quote(object.name)} (${stored.map((field) => quote(field.name)).join(', ')}) VALUES (${stored.map(() => '?').join(', ')})`,
        select: readStatement(this.#schema, object, read),
        hasDeleted: object.fields.has('isdeleted'),
      };
      this.#tables.set(object, table);
    }
    return table;
  }
}

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
