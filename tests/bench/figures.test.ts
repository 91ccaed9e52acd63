import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { median, quantile } from '../../bench/support/figures.ts';

describe('a quantile', () => {
  const numbers = Array.from({ length: 100 }, (_, i) => 100 - i);

  it('is the number below which the share lies', () => {
    assert.equal(quantile(numbers, 0.99), 100);
    assert.equal(median([3, 1, 2]), 2);
  });

  it('of one number is that number', () => assert.equal(quantile([7], 0.99), 7));

  it('of no numbers is an error', () => assert.throws(() => quantile([], 0.5), RangeError));
});
