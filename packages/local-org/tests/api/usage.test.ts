import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiUsage } from '../../src/api/state.ts';

const HOUR = 3_600_000;

test('counts requests until the allocation is used up, and frees them after 24 hours', () => {
  const usage = new ApiUsage(3);
  const start = 500_000 * HOUR;
  assert.equal(usage.take(start), true);
  assert.equal(usage.take(start + HOUR), true);
  assert.equal(usage.take(start + HOUR), true);
  assert.equal(usage.take(start + 2 * HOUR), false);
  assert.equal(usage.used(start + 23 * HOUR), 3);
  assert.equal(usage.used(start + 24 * HOUR), 2);
  assert.equal(usage.take(start + 24 * HOUR), true);
  assert.equal(usage.used(start + 25 * HOUR), 1);
});
