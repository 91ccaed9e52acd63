import type { FormulaFunction } from '../values.ts';
import { NULL, number } from '../values.ts';
import type { FormulaValue } from '../values.ts';

const DAY = 86_400_000;
const date = (value: number): FormulaValue =>
  Number.isNaN(value) ? NULL : { type: 'date', value: Math.floor(value / DAY) * DAY };

/** A part of a date or date/time in UTC. */
const part =
  (read: (moment: Date) => number): FormulaFunction =>
  ([a]) =>
    a?.type === 'date' || a?.type === 'datetime' || a?.type === 'time' ? number(read(new Date(a.value))) : NULL;

/** The same day some months later; the last of the month when it has no such day. */
function addMonths(value: number, months: number): number {
  const from = new Date(value);
  const last = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0)).getUTCDate();
  const isLast =
    from.getUTCDate() === new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 0)).getUTCDate();
  const day = isLast ? last : Math.min(from.getUTCDate(), last);
  return Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, day) + (value % DAY);
}

export const DATE_FUNCTIONS: Record<string, FormulaFunction> = {
  today: (_args, scope) => date(scope.now),
  now: (_args, scope) => ({ type: 'datetime', value: scope.now }),
  timenow: (_args, scope) => ({ type: 'time', value: scope.now % DAY }),
  date: ([year, month, day]) =>
    year?.type === 'number' && month?.type === 'number' && day?.type === 'number'
      ? date(Date.UTC(year.value, month.value - 1, day.value))
      : NULL,
  datevalue: ([a]) => {
    if (a?.type === 'date' || a?.type === 'datetime') return date(a.value);
    return a?.type === 'text' ? date(Date.parse(`${a.value.slice(0, 10)}T00:00:00Z`)) : NULL;
  },
  datetimevalue: ([a]) => {
    if (a?.type === 'date' || a?.type === 'datetime') return { type: 'datetime', value: a.value };
    const value = a?.type === 'text' ? Date.parse(`${a.value.replace(' ', 'T').replace(/Z$/, '')}Z`) : NaN;
    return Number.isNaN(value) ? NULL : { type: 'datetime', value };
  },
  addmonths: ([a, months]) =>
    (a?.type === 'date' || a?.type === 'datetime') && months?.type === 'number'
      ? { type: a.type, value: addMonths(a.value, Math.trunc(months.value)) }
      : NULL,
  year: part((moment) => moment.getUTCFullYear()),
  month: part((moment) => moment.getUTCMonth() + 1),
  day: part((moment) => moment.getUTCDate()),
  weekday: part((moment) => moment.getUTCDay() + 1),
  hour: part((moment) => moment.getUTCHours()),
  minute: part((moment) => moment.getUTCMinutes()),
  second: part((moment) => moment.getUTCSeconds()),
  millisecond: part((moment) => moment.getUTCMilliseconds()),
};
