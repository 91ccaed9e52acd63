import { setTimeout as pause } from 'node:timers/promises';
import { claimDirectory } from './claim-directory.ts';
import { DatabaseUnavailable, isDatabaseUnavailable } from './errors.ts';
import { SchemaIsNewer } from './migrate.ts';
import { openPglite } from './pglite.ts';
import { openPostgres } from './postgres.ts';
import { storageFailure } from './storage.ts';
import type { Database, DatabaseLog } from './types.ts';

export interface DatabaseAddress {
  /** A server: `postgres://…`. */
  url: string | null;
  /** An embedded database: its folder, or null for one in memory. */
  dataDir: string | null;
  /** How long a server that is away at the start is waited for. */
  waitMs: number;
}

/** For how long by default: a server that restarts, or starts together with its clients, takes seconds. */
export const WAIT_MS = 60_000;
const ASK_EVERY_MS = 500;

/** The exit code of a program whose database stayed away. */
const DATABASE_AWAY_EXIT = 3;

/** The exit code of a program that could not start: one whose database is away may be started again as it is. */
export const startExitCode = (error: unknown): number =>
  isDatabaseUnavailable(error) && !(error instanceof SchemaIsNewer) ? DATABASE_AWAY_EXIT : 1;

/** Opens the database of a part: a server once it answers, or the folder that the part owns alone. */
export const openDatabase = async ({ url, dataDir, waitMs }: DatabaseAddress, log: DatabaseLog): Promise<Database> => {
  if (url) {
    const db = openPostgres(url, { log });
    await untilItAnswers(db, waitMs);
    return db;
  }
  if (!dataDir) return openPglite();
  const release = await claimDirectory(dataDir).catch((error: unknown) => {
    throw storageFailure(error, dataDir) ?? error;
  });
  try {
    const db = await openPglite(dataDir, log);
    return { ...db, close: () => db.close().then(release) };
  } catch (error) {
    await release();
    throw error;
  }
};

/** Rejects at once with what only a person can mend: a wrong password, a database that does not exist. */
const untilItAnswers = async (db: Database, waitMs: number): Promise<void> => {
  const until = performance.now() + waitMs;
  for (;;) {
    try {
      await db.query('SELECT 1');
      return;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!isDatabaseUnavailable(error)) {
        await db.close();
        throw new Error(`the database refuses to work with this program: ${reason}. Correct its URL`, { cause: error });
      }
      if (performance.now() + ASK_EVERY_MS > until) {
        await db.close();
        const words = `waited for the database and gave up after ${Math.round(waitMs / 1000)} s: ${reason}. Start the server, or correct its URL`;
        throw new DatabaseUnavailable(words, { cause: error });
      }
    }
    await pause(ASK_EVERY_MS);
  }
};
