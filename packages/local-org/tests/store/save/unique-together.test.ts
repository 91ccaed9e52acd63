import assert from 'node:assert/strict';
import { it } from 'node:test';
import { errorsOf, testStore } from '../open.ts';

it('a permission set is assigned to a user once', () => {
  const t = testStore();
  const [{ Id }] = t.query("SELECT Id FROM PermissionSet WHERE Name = 'Reader'") as [{ Id: string }];
  const assignment = { AssigneeId: t.admin.userId, PermissionSetId: Id };
  const first = t.insert('PermissionSetAssignment', assignment);
  assert.deepEqual(errorsOf(t.save('insert', 'PermissionSetAssignment', [assignment])[0]), [
    `DUPLICATE_VALUE: duplicate value found: AssigneeId, PermissionSetId duplicates value on record with id: ${first.slice(0, 15)} []`,
  ]);
});

it('a custom setting belongs to the organization unless it says otherwise', () => {
  const t = testStore();
  assert.equal(t.get('Preference__c', t.insert('Preference__c', { Theme__c: 'dark' }), 'SetupOwnerId'), t.store.orgId);
});
