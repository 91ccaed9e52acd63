import type { ObjectSchema, Schema } from '../types.ts';
import { columnType, indexName, isIndexed, storedFields } from './columns.ts';
import { quote } from './database.ts';
import type { Database } from './database.ts';

/** Tables of the store itself. Names with $ cannot be taken by an object. */
const OWN_TABLES = `
  CREATE TABLE IF NOT EXISTS "$setting" (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS "$prefix" (object TEXT PRIMARY KEY, prefix TEXT NOT NULL UNIQUE) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS "$sequence" (name TEXT PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS "$state" (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS "$event" (replayId INTEGER PRIMARY KEY AUTOINCREMENT, object TEXT NOT NULL, createdAt INTEGER NOT NULL,
    createdById TEXT NOT NULL, uuid TEXT NOT NULL, "values" TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS "$event.object" ON "$event" (object, replayId);
  CREATE INDEX IF NOT EXISTS "$event.createdAt" ON "$event" (createdAt);
`;

/** Makes the store's own tables. */
export const createOwnTables = (database: Database): void => database.exec(OWN_TABLES);

/**
 * Brings the record tables in line with the schema: new objects get a table, new fields a column, and
 * a column whose type changed is rebuilt from its values. Columns of removed fields keep their data.
 */
export function migrateTables(database: Database, schema: Schema): void {
  for (const object of schema.objects.values()) {
    if (object.kind === 'platformEvent') continue;
    const columns = new Map(
      database
        .all('SELECT name, type FROM pragma_table_info(?)', [object.name])
        .map(([name, type]) => [String(name).toLowerCase(), String(type)]),
    );
    if (columns.size === 0) createTable(database, object);
    else alterTable(database, object, columns);
    syncIndexes(database, object);
  }
}

function columnDefinition(field: ReturnType<typeof storedFields>[number]): string {
  return `${quote(field.name)} ${columnType(field)}${field.type === 'id' ? ' PRIMARY KEY NOT NULL' : ''}`;
}

function createTable(database: Database, object: ObjectSchema): void {
  database.exec(`CREATE TABLE ${quote(object.name)} (${storedFields(object).map(columnDefinition).join(', ')})`);
}

function alterTable(database: Database, object: ObjectSchema, columns: Map<string, string>): void {
  for (const field of storedFields(object)) {
    const present = columns.get(field.name.toLowerCase());
    if (present === undefined) database.exec(`ALTER TABLE ${quote(object.name)} ADD COLUMN ${columnDefinition(field)}`);
  }
  const definition = String(
    database.get(`SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?`, [object.name])?.[0] ?? '',
  );
  const asDefined = (text: string): boolean => definition.includes(`${text},`) || definition.includes(`${text})`);
  if (!storedFields(object).every((field) => asDefined(columnDefinition(field)))) rebuild(database, object, columns);
}

/** SQLite cannot change a column's type or collation in place. */
function rebuild(database: Database, object: ObjectSchema, columns: Map<string, string>): void {
  const table = quote(object.name);
  const old = quote(`$old.${object.name}`);
  const kept = storedFields(object)
    .map((field) => quote(field.name))
    .join(', ');
  const known = new Set(storedFields(object).map((field) => field.name.toLowerCase()));
  const orphans = [...columns.keys()].filter((name) => !known.has(name));
  for (const [name] of database.all(
    `SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`,
    [object.name],
  )) {
    database.exec(`DROP INDEX ${quote(String(name))}`);
  }
  database.exec(`ALTER TABLE ${table} RENAME TO ${old}`);
  createTable(database, object);
  for (const name of orphans)
    database.exec(`ALTER TABLE ${table} ADD COLUMN ${quote(name)} ${columns.get(name) ?? 'TEXT'}`);
  const all = [kept, ...orphans.map(quote)].join(', ');
  database.exec(`INSERT INTO ${table} (${all}) SELECT ${all} FROM ${old}; DROP TABLE ${old}`);
}

function syncIndexes(database: Database, object: ObjectSchema): void {
  const present = new Set(
    database
      .all(`SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`, [object.name])
      .map(([name]) => quote(String(name))),
  );
  for (const field of storedFields(object)) {
    if (field.type === 'id' || !isIndexed(field)) continue;
    const index = indexName(object, field);
    if (!present.delete(index)) database.exec(`CREATE INDEX ${index} ON ${quote(object.name)} (${quote(field.name)})`);
  }
  for (const index of present) database.exec(`DROP INDEX ${index}`);
}
