/** Deliberate differences from Salesforce, as DIFFERENCES.md lists them. A test that fails here means that the list is out of date. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { NO_TRIGGERS, row, testStore } from './open.ts';
import type { TestStore } from './open.ts';

describe('differences', () => {
  let t: TestStore;
  before(() => (t = testStore()));

  it('text is compared without regard to the case of ASCII letters only', () => {
    t.insert('Book__c', { Name: 'Élan' });
    assert.equal(t.query("SELECT Id FROM Book__c WHERE Name = 'ÉLAN'").length, 1);
    assert.equal(t.query("SELECT Id FROM Book__c WHERE Name = 'élan'").length, 0);
  });

  it('date literals are days in UTC whatever the time zone of the user', () => {
    const late = Date.parse('2026-01-14T23:59:59Z');
    t.insert('Book__c', { Name: 'Late', Acquired__c: late });
    assert.equal(t.query('SELECT Id FROM Book__c WHERE Acquired__c = YESTERDAY').length, 1);
  });

  it('records leave the recycle bin only by undelete', async () => {
    const id = t.insert('Book__c', { Name: 'Old' });
    t.save('delete', 'Book__c', [{ Id: id }]);
    await t.clock.advance(20 * 24 * 3_600_000);
    assert.equal(t.save('undelete', 'Book__c', [{ Id: id }])[0]!.success, true);
  });

  it('an unlisted value of an open picklist does not become an inactive value of the list', () => {
    t.insert('Book__c', { Mood__c: 'Odd' });
    assert.equal(t.get('Book__c', t.insert('Book__c', { Mood__c: 'ODD' }), 'Mood__c'), 'ODD');
  });

  it('administrators read and write every field without field permissions', () => {
    assert.equal(t.store.permissions.field(t.admin.userId, 'Case', 'Secret__c', 'edit'), true);
    assert.deepEqual(t.query("SELECT Id FROM FieldPermissions WHERE Field = 'Case.Secret__c'"), []);
  });

  it('a record type does not narrow the values of picklists', () => {
    const [{ Id }] = t.query("SELECT Id FROM RecordType WHERE DeveloperName = 'Rare'") as [{ Id: string }];
    assert.equal(t.get('Book__c', t.insert('Book__c', { RecordTypeId: Id, Genre__c: 'Poetry' }), 'Genre__c'), 'Poetry');
  });

  it('a save that names a record twice is refused in words of its own', () => {
    const Id = t.insert('Book__c', {});
    const results = t.save('update', 'Book__c', [{ Id }, { Id }], { allOrNone: false });
    assert.deepEqual(
      results.map((result) => result.errors[0]?.code ?? null),
      [null, 'DUPLICATE_VALUE'],
    );
  });

  it('platform events are checked by the store and numbered when the runtime appends them', () => {
    const transaction = t.store.begin();
    const rows = [row('Book_Returned__e', { Book_Id__c: 'x' })];
    const [result] = t.store.save({ operation: 'insert', rows, allOrNone: true, access: t.admin }, NO_TRIGGERS);
    transaction.commit();
    assert.match(result!.id!, /^e00/);
    assert.deepEqual(t.store.events.after('Book_Returned__e', 0, 10), []);
  });
});
