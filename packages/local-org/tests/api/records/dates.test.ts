import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDate, parseDatetime, parseTime } from '../../../src/api/records/dates.ts';

test('reads the ISO forms of a datetime', () => {
  const moment = Date.UTC(2026, 10, 21, 7, 30, 30);
  const forms = [
    '2026-11-21T07:30:30Z',
    '2026-11-21T07:30:30.000Z',
    '2026-11-21T07:30:30.000+0000',
    '2026-11-21T08:30:30+01:00',
    '2026-11-21T02:30:30-05',
    '2026-11-21T07:30:30',
  ];
  for (const form of forms) assert.equal(parseDatetime(form), moment, form);
  assert.equal(parseDatetime('2026-11-21T07:30:30.125Z'), moment + 125);
  assert.equal(parseDatetime('2026-11-21T07:30Z'), moment - 30_000);
  assert.equal(parseDatetime('2026-11-21'), Date.UTC(2026, 10, 21));
});

test('refuses what is not an ISO datetime', () => {
  for (const text of [
    '2017-10-17 00:00:00',
    '2026-02-30',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    'today',
    '',
  ]) {
    assert.equal(parseDatetime(text), undefined, text);
  }
});

test('a date keeps the day as written', () => {
  assert.equal(parseDate('2026-11-21'), '2026-11-21');
  assert.equal(parseDate('2026-11-21T23:30:00-05:00'), '2026-11-21');
  assert.equal(parseDate('21/11/2026'), undefined);
});

test('a time is milliseconds of the day in UTC', () => {
  assert.equal(parseTime('00:00:01.500Z'), 1_500);
  assert.equal(parseTime('00:30:00+01:00'), 23.5 * 3_600_000);
  assert.equal(parseTime('25:00:00'), undefined);
});
