import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bisect } from '../../bench/support/bisection.ts';
import { rangeSumsOf } from '../../bench/support/elements.ts';
import { elementOf } from '../../src/shared/digest/element.ts';

const keys = Array.from({ length: 500 }, (_, i) => `key-${i}`);
const ours = keys.map((key) => elementOf(key, 'one'));

describe('bisection', () => {
  it('asks for one range when nothing differs', async () => {
    assert.deepEqual(await bisect(rangeSumsOf(ours), rangeSumsOf(ours)), { found: 0, ranges: 1, finished: true });
  });

  it('finds a missing record as one element and a changed one as two', async () => {
    const theirs = [elementOf(keys[1]!, 'two'), ...ours.slice(2)];
    const { found, finished } = await bisect(rangeSumsOf(ours), rangeSumsOf(theirs), 5);
    assert.deepEqual({ found, finished }, { found: 3, finished: true });
  });

  it('ends when it is given up, and says so', async () => {
    let asked = 0;
    const { finished, ranges } = await bisect(rangeSumsOf(ours), rangeSumsOf(ours.slice(1)), 2, () => ++asked <= 3);
    assert.equal(finished, false);
    assert.equal(ranges, 5, 'the first range, and two halves twice');
  });
});
