import { existsSync } from 'node:fs';
import type { Clock } from 'kernel/clock.ts';
import type { Random } from 'kernel/random.ts';
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
import { keyValueState } from './state.ts';
import type { Schema } from './types.ts';

/** Where the metadata is, and what this org does not have of the standard catalogue. */
export interface StoreMetadata {
  /** Absolute paths of the project's package directories. */
  packageDirs: string[];
  /** Standard objects that orgs of this kind do not have. */
  without?: readonly string[] | undefined;
}

export interface StoreOptions extends StoreMetadata {
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
 * line with it, and throws InvalidMetadata with all problems if the metadata cannot be taken over.
 */
export function openStore(options: StoreOptions): LocalStore {
  const { clock, packageDirs, without } = options;
  const database = new Database(options.file);
  try {
    createOwnTables(database);
    return database.within(() =>
      takeOver(database, { packageDirs, without }, (schema) => {
        const { orgId, username } = readSettings(database, options);
        const store = new LocalStore({ database, schema, clock, orgId });
        writeBaseSetup(store.platformRows, orgId, username);
        return store;
      }),
    );
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Loads other metadata into an open store, all of it or nothing, and returns the store that takes its
 * place: same records, same listeners. `alongside` writes in the same transaction. Throws InvalidMetadata.
 */
export function reloadStore(
  store: LocalStore,
  metadata: StoreMetadata,
  alongside: (store: LocalStore) => void = () => {},
): LocalStore {
  return store.reloaded((database, open) => {
    const next = takeOver(database, metadata, open);
    alongside(next);
    return next;
  });
}

/** What an org's file keeps under `kind`, before the org is opened; nothing when there is no file yet. */
export function readStoredState(file: string, kind: string): { key: string; value: string }[] {
  if (!existsSync(file)) return [];
  const database = new Database(file);
  try {
    createOwnTables(database);
    return keyValueState(database).list(kind);
  } finally {
    database.close();
  }
}

/** Brings the database in line with the metadata, within the open transaction. */
function takeOver(
  database: Database,
  { packageDirs, without = [] }: StoreMetadata,
  open: (schema: Schema) => LocalStore,
): LocalStore {
  const files = findMetadata(packageDirs);
  const problems = new MetadataProblems();
  const prefixes = new KeyPrefixes(
    database.all('SELECT object, prefix FROM "$prefix"').map(([object, prefix]) => [String(object), String(prefix)]),
  );
  const schema = loadSchema(files, prefixes, problems);
  problems.throwIfAny();
  for (const name of without) removeObject(schema, name);
  for (const [object, prefix] of prefixes.entries())
    database.run('INSERT INTO "$prefix" (object, prefix) VALUES (?, ?) ON CONFLICT DO NOTHING', [object, prefix]);
  migrateTables(database, schema);
  const store = open(schema);
  store.recalculateSummaries();
  loadSetup(store.platformRows, schema, files, problems);
  problems.throwIfAny();
  store.unsupported = problems.unsupported;
  store.saveSequences();
  return store;
}

function removeObject({ objects, byKeyPrefix }: Schema, name: string): void {
  const object = objects.get(name.toLowerCase());
  if (object === undefined) return;
  objects.delete(name.toLowerCase());
  byKeyPrefix.delete(object.keyPrefix);
}
