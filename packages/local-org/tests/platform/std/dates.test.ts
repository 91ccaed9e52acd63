import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ApexDate, ApexTime, toApexString } from '../../../src/platform/values/index.ts';
import { throwsApex } from './apex-error.ts';
import { at, fakeRuntime, methods, NOW, statics } from './fake-runtime.ts';

const day = (text: string): ApexDate => ApexDate.parse(text)!;
const d = methods('Date');
const D = statics('Date');
const dt = methods('Datetime');
const DT = statics('Datetime');

describe('Date', () => {
  const cases: [string, string, unknown[], unknown][] = [
    ['addMonths', '2024-01-31', [1], '2024-02-29'],
    ['addMonths', '2023-01-31', [1], '2023-02-28'],
    ['addMonths', '2026-03-31', [-1], '2026-02-28'],
    ['addMonths', '2026-11-30', [3], '2027-02-28'],
    ['addMonths', '2026-01-15', [-13], '2024-12-15'],
    ['addYears', '2024-02-29', [1], '2025-02-28'],
    ['addDays', '2026-12-31', [1], '2027-01-01'],
    ['toStartOfMonth', '2026-11-21', [], '2026-11-01'],
    ['toStartOfWeek', '2026-11-21', [], '2026-11-15'],
    ['toStartOfWeek', '2026-11-15', [], '2026-11-15'],
    ['toStartOfWeek', '1969-12-31', [], '1969-12-28'],
    ['dayOfYear', '2024-12-31', [], 366],
    ['daysBetween', '2026-11-21', [day('2026-12-25')], 34],
    ['daysBetween', '2026-11-21', [day('2026-11-20')], -1],
    ['monthsBetween', '2026-01-31', [day('2026-02-01')], 1],
    ['monthsBetween', '2026-05-01', [day('2025-05-31')], -12],
    ['format', '2026-11-05', [], '11/5/2026'],
  ];
  for (const [method, self, args, expected] of cases) {
    test(`${self} ${method}(${args.map(String).join()})`, () => {
      const result = d[method]!(day(self), ...args) as unknown;
      assert.equal(result instanceof ApexDate ? result.toString() : result, expected);
    });
  }

  test('newInstance rolls over', () => assert.equal(D.newInstance!(2026, 13, 32).toString(), '2027-02-01'));
  test('valueOf', () => {
    assert.equal(D.valueOf('2026-11-21').toString(), '2026-11-21');
    assert.equal(D.valueOf('2026-11-21 23:00:00').toString(), '2026-11-21');
    throwsApex(() => D.valueOf('2026-02-30'), 'TypeException', 'Invalid date: 2026-02-30');
    throwsApex(() => D.valueOf('21.11.2026'), 'TypeException', 'Invalid date: 21.11.2026');
    throwsApex(() => D.valueOf(null), 'NullPointerException', 'Argument cannot be null.');
  });
  test('parse and format follow the locale', () => {
    assert.equal(D.parse!('11/5/2026').toString(), '2026-11-05');
    const $ = fakeRuntime({ user: { locale: 'de_DE' } });
    assert.equal(statics('Date', $).parse!('5.11.2026').toString(), '2026-11-05');
    assert.equal(methods('Date', $).format!(day('2026-11-05')), '5.11.2026');
    throwsApex(() => D.parse!('13/41/2026'), 'TypeException', 'Invalid date: 13/41/2026');
  });
  test('leap years and days of months', () => {
    assert.deepEqual(
      [2024, 2023, 2000, 1900].map((year) => D.isLeapYear!(year)),
      [true, false, true, false],
    );
    assert.equal(D.daysInMonth!(2024, 2), 29);
  });
  test('today is the day in the zone of the user', () => {
    const late = fakeRuntime({ services: { now: () => Date.UTC(2026, 10, 21, 3) } });
    assert.equal(statics('Date', late).today!().toString(), '2026-11-20');
  });
});

describe('Datetime', () => {
  test('is made in the zone of the user or in GMT', () => {
    assert.equal(DT.newInstance!(2026, 11, 21, 2, 30, 0).toIso(), '2026-11-21T07:30:00.000Z');
    assert.equal(DT.newInstanceGmt!(2026, 11, 21, 7, 30, 0).toIso(), '2026-11-21T07:30:00.000Z');
    assert.equal(DT.newInstance!(2026, 7, 1).toIso(), '2026-07-01T04:00:00.000Z');
    assert.equal(DT.newInstanceGmt!(day('2026-11-21'), ApexTime.of(7, 30, 1, 2)).toIso(), '2026-11-21T07:30:01.002Z');
    assert.equal(DT.newInstance!(BigInt(NOW)).toIso(), '2026-11-21T07:30:00.000Z');
    assert.equal(DT.now!().ms, NOW);
  });

  test('reads text', () => {
    assert.equal(DT.valueOf('2026-11-21 02:30:00').toIso(), '2026-11-21T07:30:00.000Z');
    assert.equal(DT.valueOfGmt!('2026-11-21 07:30:00').toIso(), '2026-11-21T07:30:00.000Z');
    assert.equal(DT.parse!('11/21/2026, 2:30 AM').toIso(), '2026-11-21T07:30:00.000Z');
    assert.equal(DT.parse!('11/21/2026 12:05 PM').toIso(), '2026-11-21T17:05:00.000Z');
    throwsApex(() => DT.valueOf('2026-11-21T02:30:00Z'), 'TypeException', 'Invalid date/time: 2026-11-21T02:30:00Z');
    throwsApex(() => DT.valueOfGmt!('2026-11-21 25:00:00'), 'TypeException', 'Invalid date/time: 2026-11-21 25:00:00');
  });

  const moment = at('2026-11-21T07:05:09.042Z');
  const patterns: [string, string, string][] = [
    ["yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", 'GMT', '2026-11-21T07:05:09.042Z'],
    ['yy/M/d', 'GMT', '26/11/21'],
    ['EEE, d MMM yyyy', 'GMT', 'Sat, 21 Nov 2026'],
    ['EEEE MMMM', 'GMT', 'Saturday November'],
    ['h:mm a', 'America/New_York', '2:05 AM'],
    ['HH:mm Z', 'America/New_York', '02:05 -0500'],
    ['XXX', 'Asia/Kolkata', '+05:30'],
    ['XXX', 'GMT', 'Z'],
    ['D w W F u', 'GMT', '325 47 3 3 6'],
    ["'o''clock' k K", 'GMT', "o'clock 7 7"],
    ["''yyyy''", 'GMT', "'2026'"],
    ['z', 'America/New_York', 'EST'],
    ['zzzz', 'America/New_York', 'Eastern Standard Time'],
    ['YYYY', 'GMT', '2026'],
    ['G', 'GMT', 'AD'],
  ];
  for (const [pattern, zone, expected] of patterns) {
    test(`format ${pattern} in ${zone}`, () => assert.equal(dt.format!(moment, pattern, zone), expected));
  }
  test('format of unknown letters is an error', () =>
    throwsApex(() => dt.format!(moment, 'bbb'), 'IllegalArgumentException', "Illegal pattern character 'b'"));
  test('the week-based year is not the year', () =>
    assert.equal(dt.formatGmt!(at('2026-12-29T00:00:00Z'), 'YYYY yyyy'), '2027 2026'));
  test('names of days and months are English in every locale', () => {
    const german = methods('Datetime', fakeRuntime({ user: { locale: 'de_DE' } }));
    assert.equal(german.formatGmt!(moment, 'EEEE, d MMMM'), 'Saturday, 21 November');
  });
  test('format without a pattern', () => {
    assert.equal(dt.format!(moment), '11/21/2026, 2:05 AM');
    assert.equal(dt.formatGmt!(moment, 'HH:mm'), '07:05');
    assert.equal(dt.formatLong!(moment), '11/21/2026, 2:05:09 AM EST');
  });

  test('accessors, local and GMT', () => {
    const local = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond', 'dayOfYear'].map(
      (name) => dt[name]!(moment) as number,
    );
    assert.deepEqual(local, [2026, 11, 21, 2, 5, 9, 42, 325]);
    assert.equal(dt.hourGmt!(moment), 7);
    assert.equal(dt.date!(at('2026-11-21T03:00:00Z')).toString(), '2026-11-20');
    assert.equal(dt.dateGmt!(at('2026-11-21T03:00:00Z')).toString(), '2026-11-21');
    assert.equal(dt.timeGmt!(moment).toString(), '07:05:09.042Z');
    assert.equal(dt.getTime!(moment), BigInt(moment.ms));
  });

  test('arithmetic', () => {
    assert.equal(dt.addDays!(moment, 1).toIso(), '2026-11-22T07:05:09.042Z');
    assert.equal(dt.addMonths!(at('2026-01-31T10:00:00Z'), 1).toIso(), '2026-02-28T10:00:00.000Z');
    assert.equal(dt.addYears!(at('2024-02-29T10:00:00Z'), 1).toIso(), '2025-02-28T10:00:00.000Z');
    assert.equal(dt.addSeconds!(moment, -9).toIso(), '2026-11-21T07:05:00.042Z');
    assert.ok(dt.isSameDay!(at('2026-11-21T03:00:00Z'), at('2026-11-20T12:00:00Z')));
  });
});

describe('Time and TimeZone', () => {
  test('time wraps around midnight', () => {
    const t = methods('Time');
    assert.equal(toApexString(t.addHours!(ApexTime.of(23, 0, 0, 0), 2)), '01:00:00.000Z');
    assert.equal(toApexString(t.addMinutes!(ApexTime.of(0, 0, 0, 0), -1)), '23:59:00.000Z');
    assert.deepEqual(
      ['hour', 'minute', 'second', 'millisecond'].map((name) => t[name]!(ApexTime.of(1, 2, 3, 4)) as number),
      [1, 2, 3, 4],
    );
  });

  test('zones tell their offset and name', () => {
    const zone = statics('TimeZone').getTimeZone!('America/New_York') as unknown;
    const z = methods('TimeZone');
    assert.equal(z.getOffset!(zone, at('2026-07-01T00:00:00Z')), -4 * 3_600_000);
    assert.equal(z.getID!(zone), 'America/New_York');
    assert.equal(z.getDisplayName!(zone), '(GMT-05:00) Eastern Standard Time (America/New_York)');
  });
});
