import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillBody, fillUrl } from '../../src/api/operations/composite.ts';

const results = new Map<string, unknown>([
  ['a', { id: '001', count: 5 }],
  ['q', { records: [{ Name: 'x y', Owner: { Id: '005' } }] }],
]);

test('fills references in, keeping the type of a text that is one reference', () => {
  assert.deepEqual(fillBody({ A: '@{a.id}', B: ['n: @{a.count}'], C: '@{a.count}' }, results), {
    A: '001',
    B: ['n: 5'],
    C: 5,
  });
  assert.equal(fillBody('@{q.records[0].Owner.Id}', results), '005');
});

test('values are encoded in URLs', () => {
  assert.equal(fillUrl('/x/@{q.records[0].Name}', results), '/x/x%20y');
});

test('a reference to nothing is refused by name', () => {
  for (const reference of ['@{b.id}', '@{a.Id}', '@{q.records}']) {
    assert.throws(() => fillBody(reference, results), /PROCESSING_HALTED: Invalid reference specified/, reference);
  }
});
