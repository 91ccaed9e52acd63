import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { errorsOf, testStore } from '../open.ts';
import type { TestStore } from '../open.ts';

describe('update', () => {
  let t: TestStore;
  let book: string;
  beforeEach(() => {
    t = testStore();
    book = t.insert('Book__c', { Name: 'Emma', Isbn__c: '1', Pages__c: 10 });
  });

  it('changes the given fields and the stamps, and nothing else', async () => {
    const created = t.get('Book__c', book, 'CreatedDate') as number;
    await t.clock.advance(90_000);
    t.save('update', 'Book__c', [{ Id: book, Pages__c: 11 }]);
    const [stored] = t.store.read('Book__c', [book]);
    const values = ['Name', 'Isbn__c', 'Pages__c', 'CreatedDate', 'LastModifiedDate', 'SystemModstamp'].map((name) =>
      stored!.values.get(name),
    );
    assert.deepEqual(values, ['Emma', '1', 11, created, created + 90_000, created + 90_000]);
  });

  it('empties what is given as null or blank', () => {
    t.save('update', 'Book__c', [{ Id: book, Pages__c: null, Source__c: ' ' }]);
    assert.deepEqual(t.query('SELECT Pages__c, Source__c FROM Book__c'), [{ Pages__c: null, Source__c: null }]);
  });

  it('takes ids of 15 characters', () => {
    assert.equal(t.save('update', 'Book__c', [{ Id: book.slice(0, 15), Name: 'E' }])[0]!.id, book);
  });

  it('lets rules see what was and what is', () => {
    const refused = t.save('update', 'Book__c', [{ Id: book, Isbn__c: '2' }]);
    assert.deepEqual(errorsOf(refused[0]), ['FIELD_CUSTOM_VALIDATION_EXCEPTION: An ISBN is given once. []']);
    const late = t.insert('Book__c', {});
    assert.equal(t.save('update', 'Book__c', [{ Id: late, Isbn__c: '3' }])[0]!.success, true);
  });

  it('does not check values that stay as they are', () => {
    const transaction = t.store.begin();
    t.store.writePlatformRow({ object: 'Book__c', id: book, values: new Map([['Genre__c', 'Retired value']]) });
    transaction.commit();
    assert.equal(t.save('update', 'Book__c', [{ Id: book, Name: 'Still fine' }])[0]!.success, true);
  });

  it('refuses an empty required field', () => {
    const account = t.insert('Account', { Name: 'A' });
    assert.deepEqual(errorsOf(t.save('update', 'Account', [{ Id: account, Name: null }])[0]), [
      'REQUIRED_FIELD_MISSING: Required fields are missing: [Name] [Name]',
    ]);
  });

  it('refuses to give a detail another master', () => {
    const copy = t.insert('Copy__c', { Book__c: book });
    const other = t.insert('Book__c', {});
    assert.match(
      errorsOf(t.save('update', 'Copy__c', [{ Id: copy, Book__c: other }], { source: 'api' })[0])[0]!,
      /^INVALID_FIELD_FOR_INSERT_UPDATE/,
    );
  });

  const missing: [what: string, id: string | null, error: string][] = [
    ['no id', null, 'MISSING_ARGUMENT: Id not specified in an update call []'],
    ['what is not an id', 'nope', 'MALFORMED_ID: malformed id nope [Id]'],
    [
      'an id of another object',
      '001000000000001AAA',
      'MALFORMED_ID: Record ID: id value of incorrect type: 001000000000001AAA [Id]',
    ],
    ['an id of nothing', 'a000000000000zzAAA', 'INVALID_CROSS_REFERENCE_KEY: invalid cross reference id []'],
  ];
  for (const [what, Id, error] of missing) {
    it(`refuses ${what}`, () =>
      assert.deepEqual(errorsOf(t.save('update', 'Book__c', [{ Id, Name: 'x' }])[0]), [error]));
  }

  it('refuses a deleted record', () => {
    t.save('delete', 'Book__c', [{ Id: book }]);
    assert.deepEqual(errorsOf(t.save('update', 'Book__c', [{ Id: book, Name: 'x' }])[0]), [
      'ENTITY_IS_DELETED: entity is deleted []',
    ]);
  });
});

describe('a case', () => {
  let t: TestStore;
  beforeEach(() => (t = testStore()));

  it('has a number, a status and a priority from the start', () => {
    const id = t.insert('Case', { Subject: 'Leak' });
    const [found] = t.query('SELECT CaseNumber, Status, Priority, IsClosed, ClosedDate FROM Case WHERE Id = :id', {
      id,
    });
    assert.deepEqual(found, {
      CaseNumber: '00001000',
      Status: 'New',
      Priority: 'Medium',
      IsClosed: false,
      ClosedDate: null,
    });
  });

  it('gets its status also when it is given empty', () => {
    assert.equal(t.get('Case', t.insert('Case', { Status: null }), 'Status'), 'New');
  });

  it('is closed by any closing status, once, and opened again by the others', async () => {
    const id = t.insert('Case', {});
    t.save('update', 'Case', [{ Id: id, Status: 'Solved' }]);
    const closed = t.get('Case', id, 'ClosedDate') as number;
    assert.deepEqual([t.get('Case', id, 'IsClosed'), closed > 0], [true, true]);
    await t.clock.advance(60_000);
    t.save('update', 'Case', [{ Id: id, Status: 'Closed' }]);
    assert.equal(t.get('Case', id, 'ClosedDate'), closed);
    t.save('update', 'Case', [{ Id: id, Status: 'Working' }]);
    assert.deepEqual([t.get('Case', id, 'IsClosed'), t.get('Case', id, 'ClosedDate')], [false, null]);
  });

  it('belongs to the account of its contact and shows how to reach him', () => {
    const account = t.insert('Account', { Name: 'House' });
    const contact = t.insert('Contact', {
      FirstName: 'Ann',
      LastName: 'Lee',
      AccountId: account,
      Email: 'ann@example.com',
      Phone: '1',
    });
    t.insert('Case', { ContactId: contact });
    assert.deepEqual(
      t.query(
        "SELECT AccountId, ContactEmail, ContactPhone, Contact.Name FROM Case WHERE ContactEmail = 'ann@example.com'",
      ),
      [{ AccountId: account, ContactEmail: 'ann@example.com', ContactPhone: '1', Contact: { Name: 'Ann Lee' } }],
    );
  });
});
