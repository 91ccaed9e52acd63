import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lowered } from '../../../src/platform/values/lowered.ts';

test('a name is lowered the same the first time and later, and however many names there are', () => {
  for (let round = 0; round < 2; round++) {
    assert.equal(lowered('Sync_Key__c'), 'sync_key__c');
    assert.equal(lowered(''), '');
    for (let n = 0; n < 25_000; n++) assert.equal(lowered(`Field${n}__c`), `field${n}__c`);
  }
});
