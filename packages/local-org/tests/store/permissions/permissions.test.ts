import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Access } from '../../../src/store/types.ts';
import { errorsOf, NOTHING, person, plain, testStore } from '../open.ts';
import type { TestStore } from '../open.ts';

describe('permissions', () => {
  let t: TestStore;
  beforeEach(() => (t = testStore()));
  const fails = (soql: string, access: Access): string => {
    try {
      t.store.query(soql, { access });
      return '';
    } catch (error) {
      return `${(error as { code: string }).code}: ${(error as Error).message.split('\n').at(-1)!.split('. If')[0]}`;
    }
  };

  it('come from the permission sets of a group too', () => {
    const access = person(t, NOTHING);
    const [{ Id: setId }] = t.query("SELECT Id FROM PermissionSet WHERE Name = 'Reader'") as [{ Id: string }];
    const groupId = t.insert('PermissionSetGroup', { DeveloperName: 'Readers', MasterLabel: 'Readers' });
    t.insert('PermissionSetGroupComponent', { PermissionSetGroupId: groupId, PermissionSetId: setId });
    assert.equal(t.store.permissions.object(access.userId, 'Book__c', 'read'), false);
    t.insert('PermissionSetAssignment', { AssigneeId: access.userId, PermissionSetGroupId: groupId });
    assert.equal(t.store.permissions.object(access.userId, 'Book__c', 'read'), true);
  });

  it('show an address to who may read all its parts', () => {
    const access = person(t, NOTHING);
    const ParentId = t.insert('PermissionSet', { Name: 'Addresses', Label: 'Addresses' });
    t.insert('PermissionSetAssignment', { AssigneeId: access.userId, PermissionSetId: ParentId });
    t.insert('ObjectPermissions', { ParentId, SobjectType: 'Account', PermissionsRead: true });
    const soql = 'SELECT BillingAddress FROM Account';
    for (const part of [
      'City',
      'Country',
      'GeocodeAccuracy',
      'Latitude',
      'Longitude',
      'PostalCode',
      'State',
      'Street',
    ]) {
      assert.match(fails(soql, access), /^INVALID_FIELD: No such column 'BillingAddress' on entity 'Account'/);
      const Field = `Account.Billing${part}`;
      t.insert('FieldPermissions', { ParentId, SobjectType: 'Account', Field, PermissionsRead: true });
    }
    assert.equal(fails(soql, access), '');
    assert.equal(t.store.permissions.field(access.userId, 'Account', 'BillingAddress', 'edit'), false);
    assert.match(fails('SELECT ShippingAddress FROM Account', access), /No such column 'ShippingAddress'/);
  });

  it('let the administrator do everything, and no custom permission by itself', () => {
    const { permissions } = t.store;
    assert.equal(permissions.object(t.admin.userId, 'Diary__c', 'modifyAll'), true);
    assert.equal(permissions.field(t.admin.userId, 'Case', 'Secret__c', 'edit'), true);
    assert.equal(permissions.custom(t.admin.userId, 'Burn_Books'), false);
  });

  it('come with the rest of the set-up, types of notifications included, to an isolated test', () => {
    const types = t.store
      .isolatedCopy()
      .query('SELECT DeveloperName, MasterLabel FROM CustomNotificationType', { access: t.admin });
    assert.equal(types.rows.length, 1);
  });

  it('come from assigned permission sets', () => {
    const { permissions } = t.store;
    const { userId } = person(t, NOTHING, 'Reader');
    const object = (name: string): string[] =>
      (['read', 'create', 'edit', 'delete', 'viewAll'] as const).filter((right) =>
        permissions.object(userId, name, right),
      );
    assert.deepEqual(object('Book__c'), ['read', 'create', 'edit']);
    assert.deepEqual(object('Account'), []);
    assert.deepEqual(
      ['read', 'edit'].map((right) => permissions.field(userId, 'Book__c', 'Price__c', right as 'read')),
      [true, false],
    );
    assert.deepEqual(
      ['read', 'edit'].map((right) => permissions.field(userId, 'Book__c', 'Pages__c', right as 'read')),
      [true, true],
    );
    assert.equal(permissions.field(userId, 'Book__c', 'Isbn__c', 'read'), false);
    assert.deepEqual(
      [
        permissions.custom(userId, 'burn_books'),
        permissions.apexClass(userId, 'Reading'),
        permissions.apexClass(userId, 'Writing'),
      ],
      [true, true, false],
    );
  });

  it('leave system and required fields to whoever sees the object', () => {
    const { userId } = person(t, NOTHING, 'Reader');
    for (const name of ['Id', 'Name', 'CreatedDate', 'OwnerId'])
      assert.equal(t.store.permissions.field(userId, 'Book__c', name, 'read'), true, name);
    assert.equal(t.store.permissions.field(userId, 'Case', 'Status', 'edit'), true);
    assert.equal(t.store.permissions.field(userId, 'Case', 'Description', 'read'), false);
  });

  it('give standard users the standard objects with their standard fields', () => {
    const { userId } = person(t, 'Standard User');
    assert.equal(t.store.permissions.object(userId, 'Case', 'delete'), true);
    assert.equal(t.store.permissions.field(userId, 'Case', 'Description', 'edit'), true);
    assert.equal(t.store.permissions.field(userId, 'Case', 'Secret__c', 'read'), false);
    assert.equal(t.store.permissions.object(userId, 'Book__c', 'read'), false);
  });

  it('change with assignments, and back when those are undone', () => {
    const { userId } = person(t, NOTHING);
    assert.equal(t.store.permissions.object(userId, 'Book__c', 'read'), false);
    const transaction = t.store.begin();
    const [{ Id }] = t.query("SELECT Id FROM PermissionSet WHERE Name = 'Reader'") as [{ Id: string }];
    const rows = [
      {
        object: 'PermissionSetAssignment',
        id: null,
        values: new Map([
          ['AssigneeId', userId],
          ['PermissionSetId', Id],
        ]),
      },
    ];
    t.store.save(
      { operation: 'insert', rows, allOrNone: true, access: t.admin },
      { hasTriggers: () => false, fire: () => [] },
    );
    assert.equal(t.store.permissions.object(userId, 'Book__c', 'read'), true);
    transaction.rollback();
    assert.equal(t.store.permissions.object(userId, 'Book__c', 'read'), false);
  });

  it('hide what may not be read from queries in user mode', () => {
    const reader = person(t, NOTHING, 'Reader');
    assert.equal(fails('SELECT Name, Price__c FROM Book__c', reader), '');
    assert.equal(
      fails('SELECT Isbn__c FROM Book__c', reader),
      "INVALID_FIELD: No such column 'Isbn__c' on entity 'Book__c'",
    );
    assert.equal(
      fails("SELECT Name FROM Book__c WHERE Isbn__c = '1'", reader),
      "INVALID_FIELD: No such column 'Isbn__c' on entity 'Book__c'",
    );
    assert.equal(
      fails('SELECT Name FROM Book__c ORDER BY Isbn__c', reader),
      "INVALID_FIELD: No such column 'Isbn__c' on entity 'Book__c'",
    );
    assert.equal(fails('SELECT Name FROM Account', reader), "INVALID_TYPE: sObject type 'Account' is not supported");
    assert.equal(fails('SELECT Owner.Name, CreatedBy.Profile.Name FROM Book__c', reader), '');
    assert.equal(
      fails('SELECT Account.Name FROM Case', person(t, NOTHING, 'Reader')),
      "INVALID_FIELD: No such column 'AccountId' on entity 'Case'",
    );
    assert.equal(fails('SELECT Isbn__c FROM Book__c WITH SYSTEM_MODE', reader), '');
    assert.equal(fails('SELECT Isbn__c FROM Book__c', { ...reader, mode: 'system' }), '');
    assert.equal(
      fails('SELECT Isbn__c FROM Book__c WITH USER_MODE', { ...reader, mode: 'system' }),
      "INVALID_FIELD: No such column 'Isbn__c' on entity 'Book__c'",
    );
    assert.equal(
      fails('SELECT Isbn__c FROM Book__c WITH SECURITY_ENFORCED', { ...reader, mode: 'system' }),
      'INSUFFICIENT_ACCESS: Insufficient permissions: secure query included inaccessible field',
    );
  });

  it('leave out of FIELDS() what may not be read', () => {
    const reader = person(t, NOTHING, 'Reader');
    t.insert('Book__c', { Name: 'Emma' });
    const [row] = t.store.query('SELECT FIELDS(CUSTOM) FROM Book__c LIMIT 1', { access: reader }).rows;
    assert.deepEqual([...row!.values.keys()].sort(), ['Pages__c', 'Price__c']);
  });

  it('refuse writes in user mode, in the words of the API and of Apex', () => {
    const reader = person(t, NOTHING, 'Reader');
    const write = (object: string, values: Record<string, string | number>, source: 'api' | 'apex'): string[] =>
      errorsOf(t.save('insert', object, [values], { access: reader, source })[0]);
    assert.deepEqual(write('Book__c', { Name: 'x', Pages__c: 5 }, 'api'), []);
    assert.deepEqual(write('Book__c', { Price__c: 5 }, 'api'), [
      'INVALID_FIELD_FOR_INSERT_UPDATE: Unable to create/update fields: Price__c. Please check the security settings of this field and verify that it is read/write for your profile or permission set. [Price__c]',
    ]);
    assert.match(
      write('Book__c', { Price__c: 5 }, 'apex')[0]!,
      /fields being inaccessible on Sobject Book__c.*\[Price__c\]$/,
    );
    assert.match(
      write('Account', { Name: 'x' }, 'api')[0]!,
      /^CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: entity type cannot be inserted: Account/,
    );
    const book = t.insert('Book__c', {});
    assert.match(
      errorsOf(t.save('delete', 'Book__c', [{ Id: book }], { access: reader })[0])[0]!,
      /^INSUFFICIENT_ACCESS_OR_READONLY/,
    );
  });
});

describe('a private object', () => {
  let t: TestStore;
  let one: Access;
  let other: Access;
  let diary: string;
  beforeEach(() => {
    t = testStore();
    one = person(t, NOTHING, 'Reader');
    other = person(t, NOTHING, 'Reader');
    diary = t.insert('Diary__c', { Name: 'Mine' }, { access: one });
  });
  const seen = (access: Access): unknown[] =>
    t.store.query('SELECT Name FROM Diary__c', { access }).rows.map((row) => plain(row)['Name']);

  it('shows its rows to their owner and to who sees all', () => {
    assert.deepEqual([seen(one), seen(other), seen({ ...t.admin, sharing: true })], [['Mine'], [], ['Mine']]);
    assert.deepEqual(seen({ ...other, mode: 'system', sharing: false }), ['Mine']);
  });

  it('hides them in user mode, and in system mode as the class says, whatever mode was the default', () => {
    const count = (mode: string, sharing: boolean): number =>
      t.store.query(`SELECT Name FROM Diary__c WITH ${mode}_MODE`, { access: { ...other, sharing } }).rows.length;
    assert.deepEqual(
      [count('USER', true), count('USER', false), count('SYSTEM', true), count('SYSTEM', false)],
      [0, 0, 0, 1],
    );
    assert.deepEqual(seen({ ...other, sharing: false }), []);
  });

  it('is changed by its owner only', () => {
    const rename = (access: Access): string[] =>
      errorsOf(t.save('update', 'Diary__c', [{ Id: diary, Name: 'x' }], { access })[0]);
    assert.deepEqual(rename(other), ['INSUFFICIENT_ACCESS_OR_READONLY: insufficient access rights on object id []']);
    assert.deepEqual(rename(one), []);
    assert.match(
      errorsOf(t.save('delete', 'Diary__c', [{ Id: diary }], { access: other })[0])[0]!,
      /^INSUFFICIENT_ACCESS_OR_READONLY/,
    );
  });

  it('is seen by the members of the queue that owns it', () => {
    const [{ Id: queue }] = t.query("SELECT Id FROM Group WHERE DeveloperName = 'Librarians'") as [{ Id: string }];
    t.insert('GroupMember', { GroupId: queue, UserOrGroupId: other.userId });
    t.save('update', 'Diary__c', [{ Id: diary, OwnerId: queue }]);
    assert.deepEqual([seen(one), seen(other)], [[], ['Mine']]);
  });

  it('is seen from above in the role hierarchy', () => {
    const boss = t.insert('UserRole', { Name: 'Boss', DeveloperName: 'Boss' });
    const clerk = t.insert('UserRole', { Name: 'Clerk', DeveloperName: 'Clerk', ParentRoleId: boss });
    t.save('update', 'User', [{ Id: other.userId, UserRoleId: boss }]);
    t.save('update', 'User', [{ Id: one.userId, UserRoleId: clerk }]);
    assert.deepEqual(seen(other), ['Mine']);
  });
});
