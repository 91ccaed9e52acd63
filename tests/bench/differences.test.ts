import assert from 'node:assert/strict';
import { it } from 'node:test';
import { DIFFERENCES, splitOf } from '../../bench/support/differences.ts';

it('splits every number of elements into whole missing and changed records', () => {
  for (const elements of [...DIFFERENCES, 2, 3, 5, 7, 99]) {
    const { missing, changed } = splitOf(elements);
    assert.equal(missing + 2 * changed, elements);
    assert.ok(Number.isInteger(changed) && missing >= 0 && changed >= 0, `${elements}: ${missing}, ${changed}`);
  }
});
