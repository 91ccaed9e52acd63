/** Date: a day of the proleptic Gregorian calendar, kept as days since 1970-01-01. */

export const MS_PER_DAY = 86_400_000;

const pad = (value: number, width: number): string => {
  const digits = String(Math.abs(value)).padStart(width, '0');
  return value < 0 ? `-${digits}` : digits;
};

/** Epoch milliseconds of a UTC date; overflowing months and days roll over. */
export const utc = (year: number, month: number, day: number, hour = 0, minute = 0, second = 0, ms = 0): number => {
  const date = new Date(0);
  // Date.UTC would read years below 100 as 19xx.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, ms);
  return date.getTime();
};

/** Days in a month, 1-based. */
export const daysInMonth = (year: number, month: number): number => new Date(utc(year, month + 1, 0)).getUTCDate();

/** The same day of the month `months` later, or the month's last day when it is shorter: Jan 31 + 1 is Feb 28 or 29. */
export const shiftMonths = (
  year: number,
  month: number,
  day: number,
  months: number,
): { year: number; month: number; day: number } => {
  const index = year * 12 + (month - 1) + months;
  const shiftedYear = Math.floor(index / 12);
  const shiftedMonth = index - shiftedYear * 12 + 1;
  return { year: shiftedYear, month: shiftedMonth, day: Math.min(day, daysInMonth(shiftedYear, shiftedMonth)) };
};

export class ApexDate {
  readonly days: number;

  constructor(days: number) {
    this.days = days;
  }

  static of(year: number, month: number, day: number): ApexDate {
    return new ApexDate(utc(year, month, day) / MS_PER_DAY);
  }

  /** Reads `YYYY-MM-DD`; null for anything else and for days that do not exist. */
  static parse(text: string): ApexDate | null {
    const match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
    if (!match) return null;
    const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
    if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
    return ApexDate.of(year, month, day);
  }

  get year(): number {
    return this.#date().getUTCFullYear();
  }

  get month(): number {
    return this.#date().getUTCMonth() + 1;
  }

  get day(): number {
    return this.#date().getUTCDate();
  }

  /** Epoch milliseconds of the day's beginning in UTC. */
  toMs(): number {
    return this.days * MS_PER_DAY;
  }

  addDays(days: number): ApexDate {
    return new ApexDate(this.days + days);
  }

  addMonths(months: number): ApexDate {
    const shifted = shiftMonths(this.year, this.month, this.day, months);
    return ApexDate.of(shifted.year, shifted.month, shifted.day);
  }

  /** `2026-11-21`. */
  toString(): string {
    return `${pad(this.year, 4)}-${pad(this.month, 2)}-${pad(this.day, 2)}`;
  }

  #date(): Date {
    return new Date(this.toMs());
  }
}
