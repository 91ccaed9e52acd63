/** Datetime.format patterns: the letters of java.text.SimpleDateFormat, with English names. */
import { ApexDate, ApexDatetime, apexException, type Zone } from '../../values/index.ts';

interface Moment {
  wall: Date;
  at: ApexDatetime;
  zone: Zone;
}

const name = (wall: Date, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', ...options }).format(wall);
const digits = (value: number, width: number): string => String(value).padStart(width, '0');

const offset = ({ at, zone }: Moment, colon: string): string => {
  const minutes = Math.round(zone.offsetAt(at.ms) / 60_000);
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${digits(Math.floor(size / 60), 2)}${colon}${digits(size % 60, 2)}`;
};

const isoOffset = (moment: Moment, width: number): string => {
  if (moment.zone.offsetAt(moment.at.ms) === 0) return 'Z';
  if (width > 3) throw apexException('IllegalArgumentException', 'invalid ISO 8601 format: length=4');
  return width === 1 ? offset(moment, '').slice(0, 3) : offset(moment, width === 2 ? '' : ':');
};

const dayOfYear = (wall: Date): number => {
  const date = new ApexDatetime(wall.getTime()).dateGmt();
  return date.days - ApexDate.of(date.year, 1, 1).days + 1;
};

/** Weeks begin on Sunday and week 1 has January 1, as in the United States. */
const weekOfYear = (wall: Date): { year: number; week: number } => {
  const date = new ApexDatetime(wall.getTime()).dateGmt();
  const sunday = (day: ApexDate): number => day.days - ((((day.days + 4) % 7) + 7) % 7);
  const saturday = new ApexDate(sunday(date) + 6);
  const year = saturday.year;
  return { year, week: (sunday(date) - sunday(ApexDate.of(year, 1, 1))) / 7 + 1 };
};

const weekOfMonth = (wall: Date): number => {
  const first = (wall.getUTCDay() - (wall.getUTCDate() - 1) + 35) % 7;
  return Math.floor((wall.getUTCDate() - 1 + first) / 7) + 1;
};

const year = (value: number, width: number): string => (width === 2 ? digits(value % 100, 2) : digits(value, width));

/** What a run of `width` equal letters stands for. */
const LETTERS: Record<string, (moment: Moment, width: number) => string> = {
  G: ({ wall }) => (wall.getUTCFullYear() > 0 ? 'AD' : 'BC'),
  y: ({ wall }, width) => year(wall.getUTCFullYear(), width),
  Y: ({ wall }, width) => year(weekOfYear(wall).year, width),
  M: ({ wall }, width) =>
    width >= 4
      ? name(wall, { month: 'long' })
      : width === 3
        ? name(wall, { month: 'short' })
        : digits(wall.getUTCMonth() + 1, width),
  L: ({ wall }, width) => LETTERS['M']!({ wall } as Moment, width),
  w: ({ wall }, width) => digits(weekOfYear(wall).week, width),
  W: ({ wall }, width) => digits(weekOfMonth(wall), width),
  D: ({ wall }, width) => digits(dayOfYear(wall), width),
  d: ({ wall }, width) => digits(wall.getUTCDate(), width),
  F: ({ wall }, width) => digits(Math.ceil(wall.getUTCDate() / 7), width),
  E: ({ wall }, width) => name(wall, { weekday: width >= 4 ? 'long' : 'short' }),
  u: ({ wall }, width) => digits(wall.getUTCDay() || 7, width),
  a: ({ wall }) => (wall.getUTCHours() < 12 ? 'AM' : 'PM'),
  H: ({ wall }, width) => digits(wall.getUTCHours(), width),
  k: ({ wall }, width) => digits(wall.getUTCHours() || 24, width),
  K: ({ wall }, width) => digits(wall.getUTCHours() % 12, width),
  h: ({ wall }, width) => digits(wall.getUTCHours() % 12 || 12, width),
  m: ({ wall }, width) => digits(wall.getUTCMinutes(), width),
  s: ({ wall }, width) => digits(wall.getUTCSeconds(), width),
  S: ({ wall }, width) => digits(wall.getUTCMilliseconds(), width),
  z: ({ at, zone }, width) => zone.nameAt(at.ms, width >= 4 ? 'long' : 'short'),
  Z: (moment) => offset(moment, ''),
  X: isoOffset,
};

/** Formats a moment as it is in the zone. Quoted text is literal; unknown letters are errors. */
export const formatPattern = (at: ApexDatetime, pattern: string, zone: Zone): string => {
  const moment: Moment = { at, zone, wall: new Date(at.ms + zone.offsetAt(at.ms)) };
  return pattern.replace(/'((?:[^']|'')*)'|([A-Za-z])\2*/g, (run, quoted?: string, letter?: string) => {
    if (quoted !== undefined) return quoted === '' ? "'" : quoted.replaceAll("''", "'");
    const write = LETTERS[letter!];
    if (!write) throw apexException('IllegalArgumentException', `Illegal pattern character '${letter}'`);
    return write(moment, run.length);
  });
};
