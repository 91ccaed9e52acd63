import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { contentCheckAge } from '../../src/reconciliation/content-check-age.ts';
import { CONTENT_CHECK_DAYS, sliceOfDay } from '../../src/reconciliation/find/content-check.ts';
import { WHOLE_RANGE } from '../../src/reconciliation/types.ts';

const DAY = 24 * 3_600_000;
const HALF = WHOLE_RANGE.to / 2;

describe('the age of the content check', () => {
  it('is unknown before the first one', () => {
    assert.deepEqual(contentCheckAge([]), { coveredPercent: 0, oldestAt: null, newestAt: null });
  });

  it('is unknown while a part was never checked', () => {
    assert.deepEqual(contentCheckAge([{ from: 0, to: HALF, at: 5 }]), {
      coveredPercent: 50,
      oldestAt: null,
      newestAt: 5,
    });
  });

  it('is that of the part checked longest ago', () => {
    const contentChecks = [
      { from: 0, to: HALF, at: 3 },
      { from: HALF, to: WHOLE_RANGE.to, at: 7 },
    ];
    assert.deepEqual(contentCheckAge(contentChecks), { coveredPercent: 100, oldestAt: 3, newestAt: 7 });
  });

  it('counts the newest content check of each part', () => {
    const contentChecks = [
      { ...WHOLE_RANGE, at: 1 },
      { from: 0, to: HALF, at: 4 },
      { from: HALF, to: WHOLE_RANGE.to, at: 3 },
    ];
    assert.equal(contentCheckAge(contentChecks).oldestAt, 3);
  });

  it('does not take a nearly complete content check for a complete one', () => {
    assert.equal(contentCheckAge([{ from: 1, to: WHOLE_RANGE.to, at: 1 }]).coveredPercent, 99.99);
  });

  it('of a slice a day is at most a round of days', () => {
    const contentChecks = Array.from({ length: CONTENT_CHECK_DAYS * 2 }, (_, day) => ({
      ...sliceOfDay(day * DAY),
      at: day * DAY,
    }));
    const { coveredPercent, oldestAt, newestAt } = contentCheckAge(contentChecks);
    assert.equal(coveredPercent, 100);
    assert.equal(newestAt! - oldestAt!, (CONTENT_CHECK_DAYS - 1) * DAY);
  });
});
