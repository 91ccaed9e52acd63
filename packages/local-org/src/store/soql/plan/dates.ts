/** Date literals and date functions in SQL. */
import type { FieldType } from '../../types.ts';
import type { DateFormula } from '../ast.ts';
import { malformed } from '../errors.ts';
import { sql, type Sql } from './sql.ts';

/** Half-open range of time in epoch milliseconds. */
export interface Range {
  start: number;
  end: number;
}

const DAY = 86_400_000;
/** Weeks begin on Sunday in the locale en_US. */
const utc = (year: number, month: number, day = 1): number => Date.UTC(year, month, day);

/** The range that a date literal stands for at `now`, in UTC. Fiscal years are calendar years. */
export function dateRange(formula: DateFormula, now: number): Range {
  const name = formula.name.replace('FISCAL_', '');
  const today = Math.floor(now / DAY) * DAY;
  const fixed = FIXED[name];
  if (fixed !== undefined) return fixed(today);
  const match = /^(LAST|NEXT)_N_(DAY|WEEK|MONTH|QUARTER|YEAR)S$|^N_(DAY|WEEK|MONTH|QUARTER|YEAR)S_AGO$/.exec(name);
  if (match === null) throw malformed(`unknown date literal ${formula.name}`);
  const unit = (match[2] ?? match[3]) as Unit;
  const at = (offset: number): number => shift(unit, today, offset);
  const count = formula.count;
  if (match[1] === undefined) return { start: at(-count), end: at(-count + 1) };
  // LAST_N_DAYS runs through today; the longer units exclude the current one.
  if (match[1] === 'LAST') return { start: at(-count), end: unit === 'DAY' ? at(1) : at(0) };
  return { start: at(1), end: at(count + 1) };
}

type Unit = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR';

/** Start of the unit that `offset` units from today's begins. */
function shift(unit: Unit, today: number, offset: number): number {
  const date = new Date(today);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  switch (unit) {
    case 'DAY':
      return today + offset * DAY;
    case 'WEEK':
      return today - date.getUTCDay() * DAY + offset * 7 * DAY;
    case 'MONTH':
      return utc(year, month + offset);
    case 'QUARTER':
      return utc(year, Math.floor(month / 3) * 3 + offset * 3);
    case 'YEAR':
      return utc(year + offset, 0);
  }
}

const one =
  (unit: Unit, offset: number) =>
  (today: number): Range => ({ start: shift(unit, today, offset), end: shift(unit, today, offset + 1) });

const FIXED: Record<string, (today: number) => Range> = {
  YESTERDAY: one('DAY', -1),
  TODAY: one('DAY', 0),
  TOMORROW: one('DAY', 1),
  LAST_WEEK: one('WEEK', -1),
  THIS_WEEK: one('WEEK', 0),
  NEXT_WEEK: one('WEEK', 1),
  LAST_MONTH: one('MONTH', -1),
  THIS_MONTH: one('MONTH', 0),
  NEXT_MONTH: one('MONTH', 1),
  LAST_QUARTER: one('QUARTER', -1),
  THIS_QUARTER: one('QUARTER', 0),
  NEXT_QUARTER: one('QUARTER', 1),
  LAST_YEAR: one('YEAR', -1),
  THIS_YEAR: one('YEAR', 0),
  NEXT_YEAR: one('YEAR', 1),
  LAST_90_DAYS: (today) => ({ start: today - 90 * DAY, end: today + DAY }),
  NEXT_90_DAYS: (today) => ({ start: today + DAY, end: today + 91 * DAY }),
};

/** `YYYY-MM-DD` of a moment, in UTC. */
export const isoDate = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);

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
