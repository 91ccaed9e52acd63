import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BEING_MADE } from './new-cluster.ts';

/** The claim on a directory is this file's lock. It is empty, and stays when its process has ended: only the lock counts. */
export const LOCK_FILE = 'concord.lock';
/** SQLITE_BUSY (sqlite.org, result and error codes): another connection holds the lock. */
const BUSY = 5;

/** For its owner's eyes only: it holds what people wrote into Cases. */
const OWNER_ONLY = 0o700;

/**
 * Makes a data directory and claims it for this process: an embedded database that two processes write is destroyed.
 * The claim is the system's lock on a file in the directory itself, which SQLite takes the same way on every system: it ends with
 * its process, however that ends, and all who name the directory meet it, whatever their temporary folder is. Returns how to
 * give it up.
 */
export const claimDirectory = async (directory: string): Promise<() => Promise<void>> => {
  await mkdir(directory, { recursive: true, mode: OWNER_ONLY });
  await refuseForeign(directory);
  // where it was made by somebody else, such as a mounted volume, its rights are theirs
  await chmod(directory, OWNER_ONLY).catch(() => {});
  const lock = new DatabaseSync(join(directory, LOCK_FILE), { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== BUSY) throw error;
    throw new Error(`${directory} is in use by another process: stop it, or give this one a directory of its own`, {
      cause: error,
    });
  }
  return async () => lock.close();
};

/** A folder with anything else in it was named by mistake; the database would spread its files among that. */
const refuseForeign = async (directory: string): Promise<void> => {
  const names = (await readdir(directory)).filter((name) => !name.startsWith(LOCK_FILE));
  if (names.length === 0 || names.includes('PG_VERSION') || names.includes(BEING_MADE)) return;
  throw new Error(
    `${directory} is no database: it holds ${names.length} other entries, such as ${names.sort()[0]}. Name an empty folder, or a new one`,
  );
};
