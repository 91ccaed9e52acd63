/** Dates and times of requests: the ISO 8601 forms that the REST API takes. Undefined: not one of them. */

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATETIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)(Z|[+-]\d{2}(?::?\d{2})?)?$/i;
const TIME = /^(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/i;
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** Midnight UTC of an existing day, in epoch milliseconds. */
const dayStart = (text: string): number | undefined => {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return new Date(ms).getUTCDate() === Number(match[3]) ? ms : undefined;
};

/** Milliseconds east of UTC. */
const offset = (zone: string | undefined): number => {
  if (!zone || zone.toUpperCase() === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const ms = (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * MINUTE;
  return zone.startsWith('-') ? -ms : ms;
};

const timeOfDay = (text: string): number | undefined => {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const ms = Math.trunc(Number(`0.${match[4] ?? 0}`) * 1000);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms - offset(match[5]);
};

/** Milliseconds of the day, UTC. */
export const parseTime = (text: string): number | undefined => {
  const ms = timeOfDay(text);
  return ms === undefined ? undefined : ((ms % DAY) + DAY) % DAY;
};

/** Epoch milliseconds; UTC when no zone is given, midnight when no time is. */
export const parseDatetime = (text: string): number | undefined => {
  const match = DATETIME.exec(text);
  if (!match) return dayStart(text);
  const day = dayStart(match[1]!);
  const time = timeOfDay(`${match[2]}${match[3] ?? ''}`);
  return day === undefined || time === undefined ? undefined : day + time;
};

/** `YYYY-MM-DD`; of a datetime, its day as written. */
export const parseDate = (text: string): string | undefined => {
  const day = text.slice(0, 'YYYY-MM-DD'.length);
  return parseDatetime(text) === undefined ? undefined : day;
};
