/** Databases of the companies, as the story needs them: it makes them, changes them between runs, and reads them for the proof. */
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { openSource } from '../../../feeds/source/open.ts';
import type { SourceValue } from '../../../feeds/source/types.ts';
import { makeEmbedded } from './companies/embedded.ts';
import type { CompanyRows } from './companies/rows.ts';

/** A company as a configuration of feeds has it. */
export interface CompanyText {
  source: { kind: 'embedded' | 'postgres' | 'sqlserver'; timeoutMs: number; timeZone: string; [name: string]: unknown };
  secret?: { environment: string };
  views?: Record<string, { name: string }>;
}

/** A row of a view, by column. */
export type ViewRow = Readonly<Record<string, SourceValue>>;

export interface CompanyDatabases {
  /** Makes the database of a company. */
  make(company: string, rows: CompanyRows): Promise<void>;
  /** How feeds reach it. */
  textOf(company: string): CompanyText;
  /** The secrets that `textOf` names. */
  environment: Readonly<Record<string, string>>;
  /** Runs statements of PostgreSQL on it. */
  change(company: string, statements: string): Promise<void>;
  close(): Promise<void>;
}

export const COMMON = { timeoutMs: 120_000, timeZone: 'America/Bogota' };

/** All rows of the views of a company with these names, as feeds read them. */
export const readViews = async (
  { source: settings }: CompanyText,
  password: string | null,
  views: readonly string[],
): Promise<ViewRow[][]> => {
  const source = await openSource(settings, { password });
  try {
    const read: ViewRow[][] = [];
    for (const name of views) {
      const view = { name, where: {} };
      const columns = await source.columns(view);
      const rows: ViewRow[] = [];
      for await (const batch of source.rows(view, columns, { size: 1_000 }))
        rows.push(...batch.map((row) => Object.fromEntries(columns.map((column, at) => [column.name, row[at]!]))));
      read.push(rows);
    }
    return read;
  } finally {
    await source.close();
  }
};

/** A folder for each company. */
export const embeddedDatabases = (folder: string): CompanyDatabases => {
  const of = (company: string): string => join(folder, company);
  return {
    make: (company, rows) => makeEmbedded(of(company), rows),
    textOf: (company) => ({ source: { kind: 'embedded', dataDir: of(company), ...COMMON } }),
    environment: {},
    change: async (company, statements) => {
      const db = await PGlite.create({ dataDir: of(company) });
      await db.exec(statements).finally(() => db.close());
    },
    close: async () => {},
  };
};
