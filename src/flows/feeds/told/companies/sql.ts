/** The sample's databases as SQL: tables and views as they are documented, and the rows. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CompanyRows, TableRow } from './rows.ts';

export const SAMPLE_COMPANIES = fileURLToPath(new URL('../../../../../samples/companies/', import.meta.url));

export type Dialect = 'postgresql' | 'sqlserver';
export const DIALECTS: readonly Dialect[] = ['postgresql', 'sqlserver'];

/** A single INSERT of SQL Server takes 1,000 rows (Table Value Constructor, "Limitations"). */
const ROWS_AT_ONCE = 500;

/** The tables and views of a company's database. */
export const definitions = (dialect: Dialect): string =>
  readFileSync(`${SAMPLE_COMPANIES}views/${dialect}.sql`, 'utf8');

/** Texts, dates and numbers are written as texts, which both databases take for each of their columns. */
const literal = (value: string | null, dialect: Dialect): string => {
  if (value === null) return 'NULL';
  return `${dialect === 'sqlserver' ? 'N' : ''}'${value.replaceAll("'", "''")}'`;
};

const insert = (table: string, rows: readonly TableRow[], dialect: Dialect): string => {
  const columns = Object.keys(rows[0]!);
  const lines = rows.map((row) => `(${columns.map((column) => literal(row[column]!, dialect)).join(', ')})`);
  const name = dialect === 'sqlserver' ? `dbo.${table}` : table;
  return `INSERT INTO ${name} (${columns.join(', ')}) VALUES\n${lines.join(',\n')};\n`;
};

/** Statements that put the rows into the tables. */
export const inserts = (rows: CompanyRows, dialect: Dialect): string[] =>
  Object.entries(rows).flatMap(([table, all]: [string, TableRow[]]) =>
    Array.from({ length: Math.ceil(all.length / ROWS_AT_ONCE) }, (_, at) =>
      insert(table, all.slice(at * ROWS_AT_ONCE, (at + 1) * ROWS_AT_ONCE), dialect),
    ),
  );
