import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database, Queryable } from './types.ts';

/** One advisory lock for all migrations of a database: two workers that start together must not both migrate. */
const MIGRATION_LOCK = 7_461_001;

/** The database is of a newer program: what this one would do to it nobody knows. */
export class SchemaIsNewer extends Error {
  override name = 'SchemaIsNewer';
}

/**
 * Applies the numbered files of `directory` (`001_name.sql`, …) that `part` has not applied yet, each in its
 * own transaction, in order. Forward only: a changed file is never applied again, and a database with migrations that
 * are not in `directory` is refused (SchemaIsNewer). Several programs may start at once: one migrates, the others wait.
 */
export const migrate = async (db: Database, directory: string, part: string): Promise<string[]> => {
  const files = (await readdir(directory)).filter((name) => /^\d{3}_.*\.sql$/.test(name)).sort();
  await locked(db, async (tx) => {
    await tx.query(
      'CREATE TABLE IF NOT EXISTS migration (part text NOT NULL, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (part, name))',
    );
    refuseNewer(part, files, await appliedTo(tx, part));
  });
  const applied: string[] = [];
  for (const name of files) {
    const text = await readFile(join(directory, name), 'utf8');
    if (await locked(db, (tx) => apply(tx, part, name, text))) applied.push(name);
  }
  return applied;
};

/** Runs `work` while no other program migrates the database, for as long as it takes. */
const locked = <T>(db: Database, work: (tx: Queryable) => Promise<T>): Promise<T> =>
  db.transaction(
    async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      return work(tx);
    },
    { unlimited: true },
  );

const appliedTo = async (tx: Queryable, part: string): Promise<string[]> =>
  (await tx.query<{ name: string }>('SELECT name FROM migration WHERE part = $1 ORDER BY name', [part])).map(
    ({ name }) => name,
  );

const refuseNewer = (part: string, files: readonly string[], applied: readonly string[]): void => {
  const unknown = applied.filter((name) => !files.includes(name));
  if (unknown.length === 0) return;
  throw new SchemaIsNewer(
    `the database has migrations of ${part} that this program does not know: ${unknown.join(', ')}. Start the program that made them, or a newer one; nothing was changed`,
  );
};

/** False when it was applied before. */
const apply = async (tx: Queryable, part: string, name: string, text: string): Promise<boolean> => {
  if ((await appliedTo(tx, part)).includes(name)) return false;
  for (const statement of splitStatements(text)) await tx.query(statement);
  await tx.query('INSERT INTO migration (part, name) VALUES ($1, $2)', [part, name]);
  return true;
};

/** Splits a script at semicolons that end a line, outside dollar-quoted bodies. */
export const splitStatements = (script: string): string[] => {
  const statements: string[] = [];
  let current = '';
  let quoted = false;
  for (const line of script.split('\n')) {
    if (/^\s*--/.test(line)) continue;
    if ((line.match(/\$\$/g)?.length ?? 0) % 2 === 1) quoted = !quoted;
    current += `${line}\n`;
    if (!quoted && /;\s*$/.test(line)) {
      statements.push(current.trim().replace(/;$/, ''));
      current = '';
    }
  }
  if (current.trim()) statements.push(current.trim());
  return statements;
};
