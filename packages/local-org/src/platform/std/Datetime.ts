/** System.Datetime. */
import type { PlatformRuntime } from '../services.ts';
import type { Apex, NativeFunction, StdFactory } from '../types.ts';
import {
  ApexDate,
  ApexDatetime,
  apexException,
  ApexTime,
  MS_PER_DAY,
  shiftMonths,
  utc,
  Zone,
} from '../values/index.ts';
import { present } from './shared/arguments.ts';
import { formatShortDatetime, parseShortDatetime } from './shared/locale.ts';
import { formatPattern } from './shared/simple-date-format.ts';
import { fromWallTime, wallTime, zoneReader } from './shared/user-zone.ts';

const GMT = new Zone('GMT');
const TEXT = /^(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})$/;

const invalid = (text: string): Error =>
  apexException('TypeException', `Invalid date/time: ${text}`) as unknown as Error;

/** `2026-11-21 07:30:00` as wall-clock time of the zone. */
const parse = (text: string, zone: Zone): ApexDatetime => {
  const match = TEXT.exec(text);
  const date = match ? ApexDate.parse(`${match[1]}-${match[2]}-${match[3]}`) : null;
  const [hour, minute, second] = [Number(match?.[4]), Number(match?.[5]), Number(match?.[6])];
  if (!date || hour > 23 || minute > 59 || second > 59) throw invalid(text);
  return fromWallTime(date.toMs() + utc(1970, 1, 1, hour, minute, second), zone);
};

/** newInstance and newInstanceGmt. */
const construct = (zone: Zone, [first, ...rest]: Apex[]): ApexDatetime => {
  if (first instanceof ApexDate) return fromWallTime(first.toMs() + (present(rest[0]) as ApexTime).ms, zone);
  if (rest.length === 0) return new ApexDatetime(Number(present(first)));
  const [month, day, hour = 0, minute = 0, second = 0] = rest.map((value) => present(value) as number);
  return fromWallTime(utc(present(first), month!, day!, hour, minute, second), zone);
};

const shifted = (self: ApexDatetime, months: number): ApexDatetime => {
  const date = self.dateGmt();
  const to = shiftMonths(date.year, date.month, date.day, months);
  return new ApexDatetime(utc(to.year, to.month, to.day) + (self.ms - date.toMs()));
};

const dayOfYear = (date: ApexDate): number => date.days - ApexDate.of(date.year, 1, 1).days + 1;

/** Accessors: of the wall clock as they are, of UTC with `Gmt` at the end of the name. */
const FIELDS: Record<string, (wall: ApexDatetime) => Apex> = {
  year: (wall) => wall.dateGmt().year,
  month: (wall) => wall.dateGmt().month,
  day: (wall) => wall.dateGmt().day,
  dayofyear: (wall) => dayOfYear(wall.dateGmt()),
  hour: (wall) => new ApexTime(wall.ms).hour,
  minute: (wall) => new ApexTime(wall.ms).minute,
  second: (wall) => new ApexTime(wall.ms).second,
  millisecond: (wall) => new ApexTime(wall.ms).millisecond,
  date: (wall) => wall.dateGmt(),
  time: (wall) => new ApexTime(wall.ms),
};

const accessors = (zone: () => Zone): Record<string, NativeFunction> =>
  Object.fromEntries(
    Object.entries(FIELDS).flatMap(([name, read]): [string, NativeFunction][] => [
      [name, (self: ApexDatetime) => read(wallTime(self, zone()))],
      [`${name}gmt`, (self: ApexDatetime) => read(self)],
    ]),
  );

const later =
  (unit: number): NativeFunction =>
  (self: ApexDatetime, count: number) =>
    new ApexDatetime(self.ms + present(count) * unit);

const factory: StdFactory = (runtime) => {
  const $ = runtime as PlatformRuntime;
  const zone = zoneReader($);
  const locale = (): string => $.services.user().locale;
  const valueOf = (value: Apex): ApexDatetime => {
    const given: Apex = present(value);
    if (given instanceof ApexDatetime) return given;
    if (given instanceof ApexDate) return fromWallTime(given.toMs(), zone());
    return parse(String(given), zone());
  };
  return {
    name: 'Datetime',
    s: {
      now: () => new ApexDatetime($.services.now()),
      newinstance: (...args: Apex[]) => construct(zone(), args),
      newinstancegmt: (...args: Apex[]) => construct(GMT, args),
      valueof: valueOf,
      valueofgmt: (text: string | null) => parse(present(text), GMT),
      parse: (text: string | null) => {
        const wall = parseShortDatetime(present(text), locale());
        if (wall === null) throw invalid(text!);
        return fromWallTime(wall, zone());
      },
    },
    m: {
      ...accessors(zone),
      adddays: later(MS_PER_DAY),
      addhours: later(3_600_000),
      addminutes: later(60_000),
      addseconds: later(1000),
      addmonths: (self: ApexDatetime, months: number) => shifted(self, present(months)),
      addyears: (self: ApexDatetime, years: number) => shifted(self, present(years) * 12),
      gettime: (self: ApexDatetime) => BigInt(self.ms),
      issameday: (self: ApexDatetime, other: ApexDatetime | null) =>
        wallTime(self, zone()).dateGmt().days === wallTime(present(other), zone()).dateGmt().days,
      format: (self: ApexDatetime, pattern?: string | null, zoneId?: string | null) => {
        if (pattern === undefined) return formatShortDatetime(wallTime(self, zone()), locale());
        return formatPattern(
          self,
          present(pattern),
          zoneId === undefined || zoneId === null ? zone() : new Zone(zoneId),
        );
      },
      formatgmt: (self: ApexDatetime, pattern: string | null) => formatPattern(self, present(pattern), GMT),
      formatlong: (self: ApexDatetime) => formatPattern(self, 'M/d/yyyy, h:mm:ss a z', zone()),
    },
  };
};

export default factory;
