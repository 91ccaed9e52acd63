import type { Clock } from 'kernel/clock.ts';
import { isStored, toSql } from '../database/columns.ts';
import { quote } from '../database/database.ts';
import type { Database } from '../database/database.ts';
import type { Sequences } from '../database/sequences.ts';
import { StoreError } from '../types.ts';
import type { ObjectSchema, Row, Schema, Value } from '../types.ts';
import type { Records } from './records.ts';

/** Writes rows as the platform does: no rules, no triggers, any field. */
export class PlatformRows {
  readonly #deps: { database: Database; schema: Schema; records: Records; sequences: Sequences; clock: Clock };
  /** Who has created what nobody else has: the first administrator. */
  owner: string | null = null;

  constructor(deps: { database: Database; schema: Schema; records: Records; sequences: Sequences; clock: Clock }) {
    this.#deps = deps;
  }

  /** Inserts the row when its id is new, otherwise changes the given fields. */
  write(row: Row & { id: string }): void {
    const object = this.#object(row.object);
    const values = this.#named(object, row.values);
    const [stored] = this.#deps.records.read(object, [row.id], 'with');
    const stamp = this.#has(object, 'SystemModstamp') ? { SystemModstamp: this.#moment() } : {};
    if (stored !== undefined) this.#deps.records.update(object, row.id, new Map([...Object.entries(stamp), ...values]));
    else this.#deps.records.insert(object, new Map([...this.#defaults(object), ...values, ['Id', row.id]]));
  }

  /** The id of a row with these values, or null. */
  find(objectName: string, key: Record<string, Value>): string | null {
    const where = Object.keys(key)
      .map((name) => `${quote(name)} IS ?`)
      .join(' AND ');
    const row = this.#deps.database.get(
      `SELECT "Id" FROM ${quote(this.#object(objectName).name)} WHERE ${where} LIMIT 1`,
      Object.values(key).map(toSql),
    );
    return row === undefined ? null : (row[0] as string);
  }

  /** Ids of all rows with these values, in the order in which they were made. */
  ids(objectName: string, key: Record<string, Value>): string[] {
    const where = Object.keys(key)
      .map((name) => `${quote(name)} IS ?`)
      .join(' AND ');
    return this.#deps.database
      .all(
        `SELECT "Id" FROM ${quote(this.#object(objectName).name)} WHERE ${where} ORDER BY rowid`,
        Object.values(key).map(toSql),
      )
      .map(([id]) => id as string);
  }

  /** A value of one row. */
  value(objectName: string, id: string, field: string): Value {
    return this.#deps.records.read(this.#object(objectName), [id], 'with')[0]?.values.get(field) ?? null;
  }

  /** Writes a new row and returns its id. */
  add(objectName: string, values: Record<string, Value>): string {
    const object = this.#object(objectName);
    const id = this.#deps.sequences.newId(object.keyPrefix);
    this.write({ object: object.name, id, values: new Map(Object.entries(values)) });
    return id;
  }

  /** Writes the row that `key` identifies, a new one if there is none, and returns its id. */
  ensure(objectName: string, key: Record<string, Value>, values: Record<string, Value> = {}): string {
    const object = this.#object(objectName);
    const found = this.find(objectName, key);
    const id = found ?? this.#deps.sequences.newId(object.keyPrefix);
    const all = new Map(Object.entries({ ...key, ...values }));
    if (found === null || !this.#isStored(object, id, all)) this.write({ object: object.name, id, values: all });
    return id;
  }

  /** Takes the rows away whose field is this text, in whatever case; returns their ids. `text`: in lower case. */
  removeNamed(objectName: string, field: string, text: string): string[] {
    return this.#deps.database
      .all(`DELETE FROM ${quote(this.#object(objectName).name)} WHERE lower(${quote(field)}) = ? RETURNING "Id"`, [
        text,
      ])
      .map(([id]) => String(id));
  }

  /** Takes the rows away whose field has this value, except the given ones. */
  removeOthers(objectName: string, field: string, value: Value, keep: string[]): void {
    this.#deps.database.run(
      `DELETE FROM ${quote(this.#object(objectName).name)} WHERE ${quote(field)} IS ? AND "Id" NOT IN (SELECT value FROM json_each(?))`,
      [toSql(value), JSON.stringify(keep)],
    );
  }

  /** Takes all rows of the object away but the given ones. */
  keepOnly(objectName: string, keep: string[]): void {
    this.#deps.database.run(
      `DELETE FROM ${quote(this.#object(objectName).name)} WHERE "Id" NOT IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(keep)],
    );
  }

  remove(objectName: string, id: string): void {
    this.#deps.records.erase(this.#object(objectName), [id]);
  }

  #isStored(object: ObjectSchema, id: string, values: ReadonlyMap<string, Value>): boolean {
    const [stored] = this.#deps.records.read(object, [id], 'with');
    return [...values].every(([name, value]) => (stored?.values.get(name) ?? null) === value);
  }

  #object(name: string): ObjectSchema {
    const object = this.#deps.schema.objects.get(name.toLowerCase());
    if (object === undefined) throw new StoreError('INVALID_TYPE', `sObject type '${name}' is not supported.`);
    return object;
  }

  /** The values under the names of the schema. */
  #named(object: ObjectSchema, values: ReadonlyMap<string, Value>): Map<string, Value> {
    return new Map(
      [...values].map(([name, value]) => {
        const field = object.fields.get(name.toLowerCase());
        if (field === undefined || !isStored(field))
          throw new StoreError('INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`, [name]);
        return [field.name, value];
      }),
    );
  }

  #defaults(object: ObjectSchema): Map<string, Value> {
    const values = new Map<string, Value>();
    for (const field of object.fields.values()) {
      if (!isStored(field)) continue;
      const fallback =
        field.picklist?.find((each) => each.default === true)?.value ?? (field.type === 'boolean' ? false : null);
      values.set(field.name, field.defaultValue ?? fallback);
    }
    const moment = this.#moment();
    for (const name of ['CreatedDate', 'LastModifiedDate', 'SystemModstamp'])
      if (this.#has(object, name)) values.set(name, moment);
    for (const name of ['CreatedById', 'LastModifiedById', 'OwnerId'])
      if (this.#has(object, name)) values.set(name, this.owner);
    return values;
  }

  #has(object: ObjectSchema, field: string): boolean {
    return object.fields.has(field.toLowerCase());
  }

  #moment(): number {
    return Math.floor(this.#deps.clock.now() / 1000) * 1000;
  }
}
