import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { auditAge } from '../../src/reconciliation/audit-age.ts';
import { AUDIT_DAYS, sliceOfDay } from '../../src/reconciliation/find/audit.ts';
import { WHOLE_RANGE } from '../../src/reconciliation/types.ts';

const DAY = 24 * 3_600_000;
const HALF = WHOLE_RANGE.to / 2;

describe('the age of the audit', () => {
  it('is unknown before the first one', () => {
    assert.deepEqual(auditAge([]), { coveredPercent: 0, oldestAt: null, newestAt: null });
  });

  it('is unknown while a part was never audited', () => {
    assert.deepEqual(auditAge([{ from: 0, to: HALF, at: 5 }]), { coveredPercent: 50, oldestAt: null, newestAt: 5 });
  });

  it('is that of the part audited longest ago', () => {
    const audits = [
      { from: 0, to: HALF, at: 3 },
      { from: HALF, to: WHOLE_RANGE.to, at: 7 },
    ];
    assert.deepEqual(auditAge(audits), { coveredPercent: 100, oldestAt: 3, newestAt: 7 });
  });

  it('counts the newest audit of each part', () => {
    const audits = [
      { ...WHOLE_RANGE, at: 1 },
      { from: 0, to: HALF, at: 4 },
      { from: HALF, to: WHOLE_RANGE.to, at: 3 },
    ];
    assert.equal(auditAge(audits).oldestAt, 3);
  });

  it('does not take a nearly complete audit for a complete one', () => {
    assert.equal(auditAge([{ from: 1, to: WHOLE_RANGE.to, at: 1 }]).coveredPercent, 99.99);
  });

  it('of a slice a day is at most a round of days', () => {
    const audits = Array.from({ length: AUDIT_DAYS * 2 }, (_, day) => ({ ...sliceOfDay(day * DAY), at: day * DAY }));
    const { coveredPercent, oldestAt, newestAt } = auditAge(audits);
    assert.equal(coveredPercent, 100);
    assert.equal(newestAt! - oldestAt!, (AUDIT_DAYS - 1) * DAY);
  });
});
