import type { Clock } from '../../shared/clock.ts';
import type { Random } from '../../shared/random.ts';
import { Database } from './database/database.ts';
import { createOwnTables, migrateTables } from './database/migrate.ts';
import { readSettings } from './database/settings.ts';
import { findMetadata } from './schema/find-metadata.ts';
import { KeyPrefixes } from './schema/key-prefixes.ts';
import { loadSchema } from './schema/load-schema.ts';
import { MetadataProblems } from './schema/problems.ts';
import { loadSetup } from './setup/load-setup.ts';
import { writeBaseSetup } from './setup/base.ts';
import { LocalStore } from './local-store.ts';
import type { Store } from './types.ts';

export interface StoreOptions {
  /** Absolute paths of the project's package directories. */
  packageDirs: string[];
  clock: Clock;
  random: Random;
  /** A SQLite file to persist to; in memory when absent. */
  file?: string;
  /** Of the first administrator, when the org is new. */
  username?: string;
  /** 18 characters, when the org is new; drawn from `random` otherwise. */
  orgId?: string;
}

/**
 * Opens an org's records: loads the schema from the project's metadata, brings tables and setup rows in
 * line with it, and throws one StoreError with all problems if the metadata cannot be taken over.
 */
export function openStore(options: StoreOptions): Store {
  const files = findMetadata(options.packageDirs);
  const problems = new MetadataProblems();
  const database = new Database(options.file);
  try {
    createOwnTables(database);
    database.exec('BEGIN IMMEDIATE');
    const prefixes = new KeyPrefixes(
      database.all('SELECT object, prefix FROM "$prefix"').map(([object, prefix]) => [String(object), String(prefix)]),
    );
    const schema = loadSchema(files, prefixes, problems);
    problems.throwIfAny();
    for (const [object, prefix] of prefixes.entries())
      database.run('INSERT INTO "$prefix" (object, prefix) VALUES (?, ?) ON CONFLICT DO NOTHING', [object, prefix]);
    migrateTables(database, schema);
    const settings = readSettings(database, options);
    const store = new LocalStore({ database, schema, clock: options.clock, orgId: settings.orgId });
    writeBaseSetup(store.platformRows, settings.orgId, settings.username);
    loadSetup(store.platformRows, schema, files, problems);
    problems.throwIfAny();
    store.saveSequences();
    database.exec('COMMIT');
    return store;
  } catch (error) {
    database.close();
    throw error;
  }
}
