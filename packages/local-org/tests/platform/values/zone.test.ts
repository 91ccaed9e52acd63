import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { utc, Zone } from '../../../src/platform/values/index.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

describe('zones', () => {
  const newYork = new Zone('America/New_York');

  test('know summer time', () => {
    assert.equal(newYork.offsetAt(Date.UTC(2026, 0, 1)) / 3_600_000, -5);
    assert.equal(newYork.offsetAt(Date.UTC(2026, 6, 1)) / 3_600_000, -4);
  });

  test('a time that summer time skips moves forward; one that comes twice is the first', () => {
    assert.equal(iso(newYork.toUtc(utc(2026, 3, 8, 2, 30))), '2026-03-08T07:30:00.000Z');
    assert.equal(iso(newYork.toUtc(utc(2026, 11, 1, 1, 30))), '2026-11-01T05:30:00.000Z');
  });

  test('fixed offsets and unknown names', () => {
    assert.equal(new Zone('GMT+05:30').offsetAt(0), 5.5 * 3_600_000);
    assert.equal(new Zone('GMT-8').offsetAt(0), -8 * 3_600_000);
    assert.equal(new Zone('Nowhere/Land').offsetAt(0), 0);
  });

  test('offsets of moments between seconds', () => assert.equal(newYork.offsetAt(1), -5 * 3_600_000));
});
