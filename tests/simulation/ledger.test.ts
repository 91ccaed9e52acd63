import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ledger } from '../../src/simulation/ledger.ts';

const entries = (ledger: Ledger): unknown => ledger.entries(() => 'salesforce');

test('of two values of which neither side saw the other the owner’s wins; one that was seen is superseded', () => {
  const ledger = new Ledger();
  ledger.note('k', 'F', 'salesforce', 'inside', null);
  ledger.note('k', 'F', 'external', 'outside', null);
  assert.deepEqual(entries(ledger), [['k', 'F', ['inside']]]);
  ledger.note('k', 'F', 'external', 'later', 'inside');
  assert.deepEqual(entries(ledger), [['k', 'F', ['later']]]);
});

test('a field that was given a value which does not tell who gave it is judged no more, whatever comes later', () => {
  const ledger = new Ledger();
  ledger.note('k', 'F', 'salesforce', 'one', null);
  ledger.leave('k', 'F');
  ledger.note('k', 'F', 'salesforce', 'two', null);
  ledger.note('k', 'G', 'salesforce', 'three', null);
  assert.deepEqual(entries(ledger), [['k', 'G', ['three']]]);
});
