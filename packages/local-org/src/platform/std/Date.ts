/** System.Date. */
import type { PlatformRuntime } from '../services.ts';
import type { Apex, StdFactory } from '../types.ts';
import { ApexDate, ApexDatetime, apexException, daysInMonth } from '../values/index.ts';
import { present } from './shared/arguments.ts';
import { formatShortDate, parseShortDate } from './shared/locale.ts';
import { wallTime, zoneReader } from './shared/user-zone.ts';

const invalid = (text: string): Error => apexException('TypeException', `Invalid date: ${text}`) as unknown as Error;

/** `2026-11-21`, also followed by a time, which is ignored. */
const valueOf = (value: Apex): ApexDate => {
  const given: Apex = present(value);
  if (given instanceof ApexDate) return given;
  if (given instanceof ApexDatetime) return given.dateGmt();
  if (typeof given !== 'string') throw invalid(String(given));
  const date = ApexDate.parse(given.split(/[ T]/)[0]!);
  if (!date) throw invalid(given);
  return date;
};

const monthsBetween = (a: ApexDate, b: ApexDate): number => (b.year - a.year) * 12 + b.month - a.month;

/** Days since 1970-01-01, a Thursday, back to the Sunday before. */
const startOfWeek = (date: ApexDate): ApexDate => date.addDays(-((((date.days + 4) % 7) + 7) % 7));

const factory: StdFactory = (runtime) => {
  const $ = runtime as PlatformRuntime;
  const zone = zoneReader($);
  return {
    name: 'Date',
    s: {
      today: () => wallTime(new ApexDatetime($.services.now()), zone()).dateGmt(),
      newinstance: (year: number, month: number, day: number) =>
        ApexDate.of(present(year), present(month), present(day)),
      valueof: valueOf,
      parse: (text: string | null) => {
        const date = parseShortDate(present(text), $.services.user().locale);
        if (!date) throw invalid(text!);
        return date;
      },
      daysinmonth: (year: number, month: number) => daysInMonth(present(year), present(month)),
      isleapyear: (year: number) => daysInMonth(present(year), 2) === 29,
    },
    m: {
      adddays: (self: ApexDate, days: number) => self.addDays(present(days)),
      addmonths: (self: ApexDate, months: number) => self.addMonths(present(months)),
      addyears: (self: ApexDate, years: number) => self.addMonths(present(years) * 12),
      year: (self: ApexDate) => self.year,
      month: (self: ApexDate) => self.month,
      day: (self: ApexDate) => self.day,
      dayofyear: (self: ApexDate) => self.days - ApexDate.of(self.year, 1, 1).days + 1,
      daysbetween: (self: ApexDate, other: ApexDate | null) => present(other).days - self.days,
      monthsbetween: (self: ApexDate, other: ApexDate | null) => monthsBetween(self, present(other)),
      issameday: (self: ApexDate, other: ApexDate | null) => present(other).days === self.days,
      tostartofmonth: (self: ApexDate) => ApexDate.of(self.year, self.month, 1),
      tostartofweek: startOfWeek,
      format: (self: ApexDate) => formatShortDate(self, $.services.user().locale),
    },
  };
};

export default factory;
