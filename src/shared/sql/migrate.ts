import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from './types.ts';

/** One advisory lock for all migrations of a database: two workers that start together must not both migrate. */
const MIGRATION_LOCK = 7_461_001;

/**
 * Applies the numbered files of `directory` (`001_name.sql`, …) that `part` has not applied yet, each in its
 * own transaction, in order. Forward only: a changed file is never applied again.
 */
export const migrate = async (db: Database, directory: string, part: string): Promise<string[]> => {
  await db.script(
    'CREATE TABLE IF NOT EXISTS migration (part text NOT NULL, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (part, name))',
  );
  const files = (await readdir(directory)).filter((name) => /^\d{3}_.*\.sql$/.test(name)).sort();
  const applied: string[] = [];
  for (const name of files) {
    const text = await readFile(join(directory, name), 'utf8');
    await db.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      const known = await tx.query('SELECT 1 FROM migration WHERE part = $1 AND name = $2', [part, name]);
      if (known.length > 0) return;
      for (const statement of splitStatements(text)) await tx.query(statement);
      await tx.query('INSERT INTO migration (part, name) VALUES ($1, $2)', [part, name]);
      applied.push(name);
    });
  }
  return applied;
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
