import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CronError, nextFireTime } from '../../src/platform/runtime/cron.ts';

/** A Saturday. */
const START = Date.UTC(2026, 10, 21, 7, 49);
const next = (expression: string, zone = 'UTC'): string | null => {
  const time = nextFireTime(expression, START, zone);
  return time === null ? null : new Date(time).toISOString();
};

const CASES: [expression: string, fires: string | null][] = [
  ['0 5 * * * ?', '2026-11-21T08:05:00.000Z'],
  ['0 0 1 ? * MON', '2026-11-23T01:00:00.000Z'],
  ['0 0 9 ? * 1', '2026-11-22T09:00:00.000Z'],
  ['0 0 0/2 * * ?', '2026-11-21T08:00:00.000Z'],
  ['0 0 8-18/2 ? * 2-6', '2026-11-23T08:00:00.000Z'],
  ['0 0 0 L * ?', '2026-11-30T00:00:00.000Z'],
  ['0 0 0 LW 1 ?', '2027-01-29T00:00:00.000Z'],
  ['0 0 0 15W * ?', '2026-12-15T00:00:00.000Z'],
  ['0 0 0 ? * 6L', '2026-11-27T00:00:00.000Z'],
  ['0 0 0 ? * 6#2', '2026-12-11T00:00:00.000Z'],
  ['0 0 0 ? * L', '2026-11-28T00:00:00.000Z'],
  ['0 0 0 1 1 ? 2030', '2030-01-01T00:00:00.000Z'],
  ['0 0 0 1 1 ? 2020', null],
];
for (const [expression, fires] of CASES) {
  test(`${expression} fires next at ${fires}`, () => assert.equal(next(expression), fires));
}

test('a schedule is read in its time zone', () =>
  assert.equal(next('0 0 3 * * ?', 'America/New_York'), '2026-11-21T08:00:00.000Z'));

const REFUSED: [expression: string, message: RegExp][] = [
  ['0 */5 * * * ?', /Seconds and minutes must be specified as integers/],
  ['* 0 * * * ?', /Seconds and minutes must be specified as integers/],
  ['0 0 1 1', /Unexpected end of expression/],
  ['0 0 1 ? * ?', /can only be specfied/],
  ['0 0 1 1 * MON', /both a day-of-week AND a day-of-month/],
  ['0 0 25 * * ?', /Illegal cron expression format/],
];
for (const [expression, message] of REFUSED) {
  test(`${expression} is refused`, () =>
    assert.throws(
      () => next(expression),
      (error) => error instanceof CronError && message.test(error.message),
    ));
}
