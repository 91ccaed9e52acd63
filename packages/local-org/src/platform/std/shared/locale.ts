/** Numbers and dates as a locale writes them. */
import type { PlatformRuntime } from '../../services.ts';
import { type ApexDatetime, ApexDate, utc } from '../../values/index.ts';

/** Integer.format(), Decimal.format(): grouped, at most three decimals, rounded half-even. */
export const formatNumber = ($: PlatformRuntime, plain: string): string => {
  const format = new Intl.NumberFormat($.services.user().locale.replaceAll('_', '-'), {
    maximumFractionDigits: 3,
    roundingMode: 'halfEven',
  });
  // A string keeps digits that a JavaScript number would lose.
  return format.format(plain as unknown as number);
};

const tag = (locale: string): string => locale.replaceAll('_', '-');

type Field = 'year' | 'month' | 'day';

/** Order of the fields of a short date in the locale. */
const fieldOrder = (locale: string): Field[] =>
  new Intl.DateTimeFormat(tag(locale), { timeZone: 'UTC', year: 'numeric', month: 'numeric', day: 'numeric' })
    .formatToParts(0)
    .map((part) => part.type)
    .filter((type): type is Field => type === 'year' || type === 'month' || type === 'day');

/** Dates and times in the short style of a user's locale: `11/21/2026, 7:30 AM` in en_US. */
export const formatShortDate = (date: ApexDate, locale: string): string =>
  new Intl.DateTimeFormat(tag(locale), { timeZone: 'UTC', year: 'numeric', month: 'numeric', day: 'numeric' }).format(
    date.toMs(),
  );

/** Datetime.format(): takes wall-clock time. Narrow spaces of newer locale data become plain ones. */
export const formatShortDatetime = (wall: ApexDatetime, locale: string): string =>
  new Intl.DateTimeFormat(tag(locale), {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  })
    .format(wall.ms)
    .replace(/[\u202f\u00a0]/g, ' ');

export const parseShortDate = (text: string, locale: string): ApexDate | null => {
  const numbers = /^\s*(\d+)\D+(\d+)\D+(\d+)\D*$/.exec(text)?.slice(1).map(Number);
  if (!numbers) return null;
  const fields = Object.fromEntries(fieldOrder(locale).map((field, i) => [field, numbers[i]!])) as Record<
    Field,
    number
  >;
  const year = fields.year < 100 ? fields.year + (fields.year < 50 ? 2000 : 1900) : fields.year;
  return ApexDate.parse(`${String(year).padStart(4, '0')}-${fields.month}-${fields.day}`);
};

/** Datetime.parse: a short date, a short time, AM or PM where the locale has them. Answers wall-clock milliseconds. */
export const parseShortDatetime = (text: string, locale: string): number | null => {
  const match = /^(.*?\d)[,\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp][Mm])?\s*$/.exec(text);
  const date = match ? parseShortDate(match[1]!, locale) : null;
  if (!match || !date) return null;
  const [hour, minute, second] = [Number(match[2]), Number(match[3]), Number(match[4] ?? 0)];
  const half = match[5]?.toLowerCase();
  if (minute > 59 || second > 59 || hour > (half ? 12 : 23)) return null;
  const hours = half === undefined ? hour : (hour % 12) + (half === 'pm' ? 12 : 0);
  return utc(date.year, date.month, date.day, hours, minute, second);
};
