import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { errorsOf, FakeTriggers, testStore } from '../open.ts';
import type { TestStore } from '../open.ts';

describe('upsert', () => {
  let t: TestStore;
  let known: string;
  beforeEach(() => {
    t = testStore();
    known = t.insert('Book__c', { Name: 'Known', Isbn__c: 'k1' });
  });

  it('updates what it finds by the external id and inserts the rest', () => {
    const triggers = new FakeTriggers();
    const rows = [
      { Isbn__c: 'k1', Name: 'Changed' },
      { Isbn__c: 'n1', Name: 'New' },
    ];
    const results = t.save('upsert', 'Book__c', rows, { externalIdField: 'isbn__c' }, triggers);
    assert.deepEqual(
      results.map((result) => [result.success, result.created]),
      [
        [true, false],
        [true, true],
      ],
    );
    assert.equal(results[0]!.id, known);
    assert.deepEqual(triggers.calls, [
      'before insert Book__c 1',
      'after insert Book__c 1',
      'before update Book__c 1',
      'after update Book__c 1',
    ]);
    assert.deepEqual(t.query('SELECT Name FROM Book__c ORDER BY Name'), [{ Name: 'Changed' }, { Name: 'New' }]);
  });

  it('goes by Id when no field is named', () => {
    const results = t.save('upsert', 'Book__c', [{ Id: known, Name: 'By id' }, { Name: 'Fresh' }]);
    assert.deepEqual(
      results.map((result) => result.created),
      [false, true],
    );
  });

  it('refuses all rows that share a key', () => {
    const results = t.save('upsert', 'Book__c', [{ Isbn__c: 'd' }, { Isbn__c: 'D' }, { Isbn__c: 'e' }], {
      externalIdField: 'Isbn__c',
      allOrNone: false,
    });
    assert.deepEqual(
      results.map((result) => errorsOf(result)),
      [
        ['DUPLICATE_VALUE: Duplicate external id specified: d [Isbn__c]'],
        ['DUPLICATE_VALUE: Duplicate external id specified: D [Isbn__c]'],
        [],
      ],
    );
  });

  it('refuses a key that several records have', () => {
    const [a, b] = t.save('insert', 'Account', [{ Name: 'Twin' }, { Name: 'Twin' }]).map((result) => result.id);
    const [result] = t.save('upsert', 'Account', [{ Name: 'twin' }], { externalIdField: 'Name' });
    assert.deepEqual(errorsOf(result), [
      `DUPLICATE_EXTERNAL_ID: Name: more than one record found for external id field: [${a}, ${b}] []`,
    ]);
  });

  it('refuses a row without the key', () => {
    assert.deepEqual(errorsOf(t.save('upsert', 'Book__c', [{ Name: 'x' }], { externalIdField: 'Isbn__c' })[0]), [
      'MISSING_ARGUMENT: Isbn__c not specified []',
    ]);
  });

  it('refuses a field that identifies nothing', () => {
    assert.throws(() => t.save('upsert', 'Book__c', [{ Name: 'x' }], { externalIdField: 'Subtitle__c' }), {
      code: 'INVALID_FIELD',
    });
  });

  it('does not find deleted records', () => {
    t.save('delete', 'Book__c', [{ Id: known }]);
    assert.equal(t.save('upsert', 'Book__c', [{ Isbn__c: 'k1' }], { externalIdField: 'Isbn__c' })[0]!.created, true);
  });
});
