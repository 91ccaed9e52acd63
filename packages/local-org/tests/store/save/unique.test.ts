import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { errorsOf, testStore } from '../open.ts';
import type { TestStore } from '../open.ts';

describe('unique fields', () => {
  let t: TestStore;
  let first: string;
  beforeEach(() => {
    t = testStore();
    first = t.insert('Book__c', { Isbn__c: 'abc', Shelf_Mark__c: 'a' });
  });

  const duplicateOf = (field: string): string[] => [
    `DUPLICATE_VALUE: duplicate value found: ${field} duplicates value on record with id: ${first.slice(0, 15)} []`,
  ];

  it('name the record that has the value', () => {
    assert.deepEqual(errorsOf(t.save('insert', 'Book__c', [{ Isbn__c: 'abc' }])[0]), duplicateOf('Isbn__c'));
  });

  it('regard case only where the field says so', () => {
    assert.deepEqual(errorsOf(t.save('insert', 'Book__c', [{ Isbn__c: 'ABC' }])[0]), duplicateOf('Isbn__c'));
    assert.equal(t.save('insert', 'Book__c', [{ Shelf_Mark__c: 'A' }])[0]!.success, true);
  });

  it('hold within one request', () => {
    const results = t.save('insert', 'Book__c', [{ Isbn__c: 'x' }, { Isbn__c: 'x' }], { allOrNone: false });
    assert.deepEqual(
      results.map((result) => result.success),
      [true, false],
    );
  });

  it('hold for updates, but not against the record itself', () => {
    const second = t.insert('Book__c', {});
    assert.deepEqual(
      errorsOf(t.save('update', 'Book__c', [{ Id: second, Isbn__c: 'abc' }])[0]),
      duplicateOf('Isbn__c'),
    );
    assert.equal(t.save('update', 'Book__c', [{ Id: first, Isbn__c: 'abc' }])[0]!.success, true);
  });

  it('may be empty many times', () => {
    assert.equal(
      t.save('insert', 'Book__c', [{ Isbn__c: null }, { Isbn__c: '' }]).every((result) => result.success),
      true,
    );
  });

  it('are free again when their record is deleted, and keep it from coming back', () => {
    t.save('delete', 'Book__c', [{ Id: first }]);
    const second = t.insert('Book__c', { Isbn__c: 'abc' });
    assert.deepEqual(errorsOf(t.save('undelete', 'Book__c', [{ Id: first }])[0]), [
      `DUPLICATE_VALUE: duplicate value found: Isbn__c duplicates value on record with id: ${second.slice(0, 15)} []`,
    ]);
  });
});
