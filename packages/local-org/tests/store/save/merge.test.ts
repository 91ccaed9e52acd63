import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { FakeTriggers, row, testStore } from '../open.ts';
import type { TestStore } from '../open.ts';
import type { SaveResult, TriggerHost } from '../../../src/store/types.ts';

describe('merge', () => {
  let t: TestStore;
  let master: string;
  let duplicate: string;
  beforeEach(() => {
    t = testStore();
    [master, duplicate] = ['Master', 'Duplicate'].map((Name) => t.insert('Account', { Name })) as [string, string];
  });

  const merge = (
    values: Record<string, string>,
    ids: string[],
    triggers: TriggerHost = new FakeTriggers(),
  ): SaveResult => {
    const transaction = t.store.begin();
    try {
      return t.store.merge(row('Account', { Id: master, ...values }), ids, t.admin, triggers);
    } finally {
      transaction.commit();
    }
  };

  it('moves the children, deletes the duplicate and updates the master', () => {
    const issue = t.insert('Case', { AccountId: duplicate });
    const triggers = new FakeTriggers();
    assert.equal(merge({ Name: 'Merged' }, [duplicate], triggers).success, true);
    assert.equal(t.get('Case', issue, 'AccountId'), master);
    assert.deepEqual(
      [t.get('Account', duplicate, 'IsDeleted'), t.get('Account', duplicate, 'MasterRecordId')],
      [true, master],
    );
    assert.equal(t.get('Account', master, 'Name'), 'Merged');
    assert.deepEqual(triggers.calls, [
      'before delete Account 1',
      'after delete Account 1',
      'before update Account 1',
      'after update Account 1',
    ]);
  });

  it('stamps the children that it moves', () => {
    const issue = t.insert('Case', { AccountId: duplicate });
    const before = t.get('Case', issue, 'SystemModstamp') as number;
    void t.clock.advance(60_000);
    merge({}, [duplicate]);
    assert.equal(t.get('Case', issue, 'SystemModstamp'), before + 60_000);
    assert.equal(t.get('Case', issue, 'LastModifiedDate'), before + 60_000);
  });

  it('leaves a duplicate that is restored on its own, without its children', () => {
    const issue = t.insert('Case', { AccountId: duplicate });
    merge({}, [duplicate]);
    assert.equal(t.save('undelete', 'Account', [{ Id: duplicate }])[0]!.success, true);
    assert.equal(t.get('Account', duplicate, 'MasterRecordId'), null);
    assert.equal(t.get('Case', issue, 'AccountId'), master);
  });

  it('is undone as a whole when a trigger refuses', () => {
    const refusing = new FakeTriggers((call) =>
      call.operation === 'update' ? [[{ code: 'X', message: 'No.', fields: [] }]] : undefined,
    );
    const issue = t.insert('Case', { AccountId: duplicate });
    assert.equal(merge({}, [duplicate], refusing).success, false);
    assert.equal(t.get('Case', issue, 'AccountId'), duplicate);
    assert.equal(t.get('Account', duplicate, 'IsDeleted'), false);
  });

  it('takes one or two other records', () => {
    for (const ids of [[], [master], [duplicate, duplicate]])
      assert.throws(() => merge({}, ids), { code: 'INVALID_OPERATION' });
  });
});
