import type { FieldType } from '../../types.ts';
import { sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** strftime's formats; fiscal years are calendar years. */
type Format = (part: (format: string) => Sql) => Sql;

const year: Format = (part) => part('%Y');
const quarter: Format = (part) => sql`(${part('%m')} + 2) / 3`;
const month: Format = (part) => part('%m');

const FORMATS: Record<string, Format> = {
  CALENDAR_YEAR: year,
  CALENDAR_QUARTER: quarter,
  CALENDAR_MONTH: month,
  FISCAL_YEAR: year,
  FISCAL_QUARTER: quarter,
  FISCAL_MONTH: month,
  DAY_IN_MONTH: (part) => part('%d'),
  DAY_IN_WEEK: (part) => sql`${part('%w')} + 1`,
  DAY_IN_YEAR: (part) => part('%j'),
  HOUR_IN_DAY: (part) => part('%H'),
  WEEK_IN_MONTH: (part) => sql`(${part('%d')} + 6) / 7`,
  WEEK_IN_YEAR: (part) => sql`(${part('%j')} + 6) / 7`,
};

export const DATE_FUNCTIONS: ReadonlySet<string> = new Set([...Object.keys(FORMATS), 'DAY_ONLY']);

/** A date function over a date (text) or date/time (milliseconds) column. */
export function dateFunctionSql(name: string, column: Sql, type: FieldType): Sql {
  const moment = type === 'date' ? column : sql`${column} / 1000.0, 'unixepoch'`;
  if (name === 'DAY_ONLY') return sql`strftime('%Y-%m-%d', ${moment})`;
  const part = (format: string): Sql => sql`CAST(strftime('${format}', ${moment}) AS INTEGER)`;
  return sql`(${FORMATS[name]!(part)})`;
}
