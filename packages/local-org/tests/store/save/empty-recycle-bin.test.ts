import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Access } from '../../../src/store/types.ts';
import { errorsOf, NOTHING, person, SHOP, testStore } from '../open.ts';
import type { TestStore } from '../open.ts';

describe('emptying the recycle bin', () => {
  let t: TestStore;
  let shop: string;
  let order: string;
  beforeEach(() => {
    t = testStore({ packageDirs: [SHOP] });
    shop = t.insert('Shop__c', { Name: 'Corner' });
    order = t.insert('Order__c', { Name: 'First', Shop__c: shop });
  });
  const empty = (ids: string[], access: Access = t.admin): string[][] => {
    const transaction = t.store.begin();
    const results = t.store.emptyRecycleBin(ids, access);
    transaction.commit();
    return results.map(errorsOf);
  };

  it('erases a record with the details that followed it', () => {
    t.save('delete', 'Shop__c', [{ Id: shop }]);
    assert.deepEqual(empty([shop]), [[]]);
    assert.deepEqual([t.store.read('Shop__c', [shop]), t.store.read('Order__c', [order])], [[], []]);
    assert.match(errorsOf(t.save('undelete', 'Shop__c', [{ Id: shop }])[0])[0]!, /^INVALID_CROSS_REFERENCE_KEY/);
  });

  it('refuses what is not in the bin, goes with another record, or is no id; the rest goes through', () => {
    const other = t.insert('Shop__c', { Name: 'Other' });
    t.save('delete', 'Shop__c', [{ Id: shop }]);
    assert.deepEqual(empty([other, order, 'nonsense', shop]), [
      ['INVALID_CROSS_REFERENCE_KEY: the record is not in the recycle bin []'],
      ['DELETE_FAILED: the record goes with another one that was deleted: name that one []'],
      ['MALFORMED_ID: malformed id nonsense [Id]'],
      [],
    ]);
  });

  it('is for those who may delete the record', () => {
    t.save('delete', 'Shop__c', [{ Id: shop }]);
    assert.deepEqual(empty([shop], person(t, NOTHING, 'Seller')), [
      ['INSUFFICIENT_ACCESS_OR_READONLY: insufficient access rights on object id []'],
    ]);
  });
});
