import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { errorsOf, FakeTriggers, SHOP, testStore } from '../open.ts';
import type { TestStore } from '../open.ts';

describe('delete and undelete', () => {
  let t: TestStore;
  let book: string;
  beforeEach(() => {
    t = testStore();
    book = t.insert('Book__c', { Name: 'Emma' });
  });
  const live = (object: string): number => t.query(`SELECT COUNT(Id) n FROM ${object}`)[0]!['n'] as number;

  it('put records into the recycle bin and take them out', () => {
    t.save('delete', 'Book__c', [{ Id: book }]);
    assert.equal(live('Book__c'), 0);
    assert.equal(t.get('Book__c', book, 'IsDeleted'), true);
    t.save('undelete', 'Book__c', [{ Id: book }]);
    assert.deepEqual(t.query('SELECT Id, IsDeleted FROM Book__c'), [{ Id: book, IsDeleted: false }]);
  });

  it('fire their triggers with the old and the new rows', () => {
    const triggers = new FakeTriggers();
    t.save('delete', 'Book__c', [{ Id: book }], {}, triggers);
    t.save('undelete', 'Book__c', [{ Id: book }], {}, triggers);
    assert.deepEqual(triggers.calls, ['before delete Book__c 1', 'after delete Book__c 1', 'after undelete Book__c 1']);
  });

  it('take details along without triggers, and bring them back', () => {
    t.insert('Copy__c', { Book__c: book });
    const triggers = new FakeTriggers();
    t.save('delete', 'Book__c', [{ Id: book }], {}, triggers);
    assert.equal(live('Copy__c'), 0);
    assert.equal(
      triggers.calls.some((call) => call.includes('Copy__c')),
      false,
    );
    t.save('undelete', 'Book__c', [{ Id: book }]);
    assert.equal(live('Copy__c'), 1);
  });

  it('do not bring a detail back that was deleted before its master', () => {
    const copy = t.insert('Copy__c', { Book__c: book });
    t.save('delete', 'Copy__c', [{ Id: copy }]);
    t.save('delete', 'Book__c', [{ Id: book }]);
    t.save('undelete', 'Book__c', [{ Id: book }]);
    assert.equal(live('Copy__c'), 0);
  });

  it('do not bring a detail back without its master', () => {
    const copy = t.insert('Copy__c', { Book__c: book });
    t.save('delete', 'Book__c', [{ Id: book }]);
    assert.deepEqual(errorsOf(t.save('undelete', 'Copy__c', [{ Id: copy }])[0]), [
      'UNDELETE_FAILED: The Book of the record is deleted: restore it first []',
    ]);
    t.save('undelete', 'Book__c', [{ Id: book }]);
    t.save('delete', 'Copy__c', [{ Id: copy }]);
    assert.equal(t.save('undelete', 'Copy__c', [{ Id: copy }])[0]!.success, true);
  });

  it('erase a junction record once both of its masters are gone', () => {
    const shop = testStore({ packageDirs: [SHOP] });
    const order = shop.insert('Order__c', { Shop__c: shop.insert('Shop__c', {}) });
    const label = shop.insert('Label__c', {});
    const use = shop.insert('Label_Use__c', { Order__c: order, Label__c: label });
    shop.save('delete', 'Order__c', [{ Id: order }]);
    shop.save('delete', 'Label__c', [{ Id: label }]);
    assert.deepEqual(shop.store.read('Label_Use__c', [use]), []);
    shop.save('undelete', 'Order__c', [{ Id: order }]);
    shop.save('undelete', 'Label__c', [{ Id: label }]);
    assert.deepEqual(shop.query('SELECT Id FROM Label_Use__c'), []);
    assert.equal(shop.get('Label__c', label, 'Use_Count__c'), 0);
  });

  it('empty lookups to the record, and fill them again', () => {
    const issue = t.insert('Case', { Book__c: book });
    t.save('delete', 'Book__c', [{ Id: book }]);
    assert.equal(t.get('Case', issue, 'Book__c'), null);
    t.save('undelete', 'Book__c', [{ Id: book }]);
    assert.equal(t.get('Case', issue, 'Book__c'), book);
  });

  it('are refused while a restricting lookup points to the record', () => {
    t.insert('Book__c', { Name: 'Sequel', Sequel_To__c: book });
    assert.deepEqual(errorsOf(t.save('delete', 'Book__c', [{ Id: book }])[0]), [
      'DELETE_FAILED: Your attempt to delete Emma could not be completed because it is associated with the following books.: Sequel\n []',
    ]);
  });

  it('are refused for an account with cases, as on the platform', () => {
    const account = t.insert('Account', { Name: 'House' });
    t.insert('Case', { AccountId: account });
    assert.match(
      errorsOf(t.save('delete', 'Account', [{ Id: account }])[0])[0]!,
      /^DELETE_FAILED: .* following cases\.: 00001000/,
    );
  });

  it('tell what is already gone, never was or is not in the bin', () => {
    t.save('delete', 'Book__c', [{ Id: book }]);
    const other = t.insert('Book__c', {});
    assert.deepEqual(errorsOf(t.save('delete', 'Book__c', [{ Id: book }])[0]), [
      'ENTITY_IS_DELETED: entity is deleted []',
    ]);
    assert.deepEqual(errorsOf(t.save('delete', 'Book__c', [{ Id: 'a000000000000zzAAA' }])[0]), [
      'INVALID_CROSS_REFERENCE_KEY: invalid cross reference id []',
    ]);
    assert.deepEqual(errorsOf(t.save('undelete', 'Book__c', [{ Id: other }])[0]), [
      'UNDELETE_FAILED: Entity is not in the recycle bin []',
    ]);
  });

  it('delete what can be deleted when not all or none', () => {
    const other = t.insert('Book__c', {});
    const results = t.save('delete', 'Book__c', [{ Id: 'a000000000000zzAAA' }, { Id: other }], { allOrNone: false });
    assert.deepEqual(
      results.map((result) => result.success),
      [false, true],
    );
    assert.equal(live('Book__c'), 1);
  });

  it('remove set-up rows for good', () => {
    const set = t.query("SELECT Id FROM PermissionSet WHERE Name = 'Reader'")[0]!['Id'] as string;
    const id = t.insert('PermissionSetAssignment', { AssigneeId: t.admin.userId, PermissionSetId: set });
    t.save('delete', 'PermissionSetAssignment', [{ Id: id }]);
    assert.deepEqual(t.store.read('PermissionSetAssignment', [id]), []);
  });
});
