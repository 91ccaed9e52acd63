import { storedFields } from '../database/columns.ts';
import { Database, quote } from '../database/database.ts';
import { createOwnTables, migrateTables } from '../database/migrate.ts';
import type { Schema } from '../types.ts';
import { isSetupData } from './setup-objects.ts';

/** A database in memory with the same set-up and no other data, for tests that must not see the org's records. */
export function isolatedCopy(source: Database, schema: Schema): Database {
  const database = new Database(undefined);
  createOwnTables(database);
  database.exec('BEGIN');
  migrateTables(database, schema);
  for (const object of schema.objects.values()) {
    if (!isSetupData(object)) continue;
    const columns = storedFields(object)
      .map((field) => quote(field.name))
      .join(', ');
    const insert = `INSERT INTO ${quote(object.name)} (${columns}) VALUES (${storedFields(object)
      .map(() => '?')
      .join(', ')})`;
    for (const row of source.all(`SELECT ${columns} FROM ${quote(object.name)}`)) database.run(insert, row);
  }
  for (const row of source.all('SELECT name, next FROM "$sequence"'))
    database.run('INSERT INTO "$sequence" (name, next) VALUES (?, ?)', row);
  database.exec('COMMIT');
  return database;
}
