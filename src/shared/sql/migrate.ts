import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseUnavailable } from './errors.ts';
import type { Database, Queryable } from './types.ts';

/** One advisory lock for all migrations of a database: two workers that start together must not both migrate. */
const MIGRATION_LOCK = 7_461_001;

/** The first line of a migration that only adds: programs of the version before work on beside it. */
export const MAY_WORK_BESIDE = '-- Earlier programs may work beside it.';

/**
 * The database is of a newer program: what this one would do to it nobody knows. For this program the database is away, and
 * stays away: nothing that it could not do is a word on any record.
 */
export class SchemaIsNewer extends DatabaseUnavailable {
  override name = 'SchemaIsNewer';

  constructor(part: string, names: readonly string[]) {
    super(
      `the database has migrations of ${part} that this program does not know: ${names.join(', ')}. Start the program that made them, or a newer one; nothing was changed`,
    );
  }
}

/** The migrations of a part that a program has. */
export interface KnownMigrations {
  part: string;
  files: readonly string[];
  /** What a newer program had applied before this one began, and this one may work beside. */
  beside: readonly string[];
}

/** What a newer program has applied: what this one may work beside, and what it may not. */
export interface Unknown {
  beside: string[];
  against: string[];
}

const filesIn = async (directory: string): Promise<string[]> =>
  (await readdir(directory)).filter((name) => /^\d{3}_.*\.sql$/.test(name)).sort();

/**
 * Applies the numbered files of `directory` (`001_name.sql`, …) that `part` has not applied yet, each in its
 * own transaction, in order; `later` is a folder of more that come after them. Forward only: a changed file is never applied again, and a database with migrations that
 * are in neither is refused (SchemaIsNewer), unless all of these say that earlier programs may work beside them. Several programs may start at once: one migrates, the others wait.
 * Returns what the program has.
 */
export const migrate = async (
  db: Database,
  directory: string,
  part: string,
  later?: string,
): Promise<KnownMigrations> => {
  const folders = later === undefined ? [directory] : [directory, later];
  const found = await Promise.all(folders.map(async (folder) => ({ folder, names: await filesIn(folder) })));
  const files = found.flatMap(({ names }) => names);
  const beside = await locked(db, async (tx) => {
    await tx.query(
      'CREATE TABLE IF NOT EXISTS migration (part text NOT NULL, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (part, name))',
    );
    await tx.query('ALTER TABLE migration ADD COLUMN IF NOT EXISTS earlier_may_work boolean NOT NULL DEFAULT false');
    const unknown = await unknownTo(tx, { part, files });
    if (unknown.against.length > 0) throw new SchemaIsNewer(part, unknown.against);
    return unknown.beside;
  });
  for (const { folder, names } of found)
    for (const name of names) {
      const text = await readFile(join(folder, name), 'utf8');
      await locked(db, (tx) => apply(tx, part, name, text));
    }
  return { part, files, beside };
};

/** What is applied of the part that the program does not have. */
export const unknownTo = async (db: Queryable, { part, files }: Omit<KnownMigrations, 'beside'>): Promise<Unknown> => {
  const rows = await db.query<{ name: string; beside: boolean }>(
    'SELECT name, earlier_may_work AS beside FROM migration WHERE part = $1 ORDER BY name',
    [part],
  );
  const unknown = rows.filter(({ name }) => !files.includes(name));
  const named = (isBeside: boolean): string[] =>
    unknown.filter(({ beside }) => beside === isBeside).map(({ name }) => name);
  return { beside: named(true), against: named(false) };
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

/** Nothing happens where it was applied before. */
const apply = async (tx: Queryable, part: string, name: string, text: string): Promise<void> => {
  const before = await tx.query('SELECT FROM migration WHERE part = $1 AND name = $2', [part, name]);
  if (before.length > 0) return;
  for (const statement of splitStatements(text)) await tx.query(statement);
  await tx.query('INSERT INTO migration (part, name, earlier_may_work) VALUES ($1, $2, $3)', [
    part,
    name,
    text.startsWith(MAY_WORK_BESIDE),
  ]);
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
