import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { MAX_WAIT } from '../../../src/store/row-locks.ts';
import type { SaveOperation, Value } from '../../../src/store/types.ts';
import { errorsOf, FakeTriggers, SHOP, testStore } from '../open.ts';
import type { TestStore } from '../open.ts';

describe('a row that another transaction holds', () => {
  let t: TestStore;
  let shop: string;
  let order: string;
  let item: string;
  beforeEach(() => {
    t = testStore({ packageDirs: [SHOP] });
    shop = t.insert('Shop__c', { Name: 'Corner' });
    order = t.insert('Order__c', { Name: 'First', Shop__c: shop });
    item = t.insert('Item__c', { Order__c: order, Price__c: 1 });
  });
  const run = (operation: SaveOperation, object: string, values: Record<string, Value>, triggers?: FakeTriggers) =>
    errorsOf(t.save(operation, object, [values], {}, triggers)[0]);
  const refusal = (...ids: string[]): string[] => [
    `UNABLE_TO_LOCK_ROW: unable to obtain exclusive access to this record or ${ids.length} records: ${ids.sort().join(',')} []`,
  ];

  it('is neither updated nor deleted before it is let go, and no trigger fires', async () => {
    t.store.holdRows([item], 60_000);
    const triggers = new FakeTriggers();
    assert.deepEqual(run('update', 'Item__c', { Id: item }, triggers), refusal(item));
    assert.deepEqual(run('delete', 'Item__c', { Id: item }, triggers), refusal(item));
    assert.deepEqual(triggers.calls, []);
    await t.clock.advance(60_000);
    assert.deepEqual(run('update', 'Item__c', { Id: item }), []);
  });

  it('is waited for as long as ten seconds', async () => {
    t.store.holdRows([item], MAX_WAIT + 1);
    assert.deepEqual(run('update', 'Item__c', { Id: item }), refusal(item));
    await t.clock.advance(1);
    assert.deepEqual(run('update', 'Item__c', { Id: item }), []);
  });

  it('as a master fails its details behind their triggers, those of other masters not', () => {
    const other = t.insert('Order__c', { Name: 'Second', Shop__c: shop });
    t.store.holdRows([order], 60_000);
    const triggers = new FakeTriggers();
    assert.deepEqual(run('insert', 'Item__c', { Order__c: order, Price__c: 5 }, triggers), refusal(order));
    assert.deepEqual(triggers.calls, ['before insert Item__c 1', 'after insert Item__c 1']);
    assert.deepEqual(run('update', 'Item__c', { Id: item, Kind__c: 'x' }), refusal(order));
    assert.deepEqual(run('update', 'Item__c', { Id: item, Order__c: other }), refusal(order));
    assert.deepEqual(run('delete', 'Item__c', { Id: item }), refusal(order));
    assert.deepEqual(run('insert', 'Item__c', { Order__c: other }), []);
    const rows = [{ Order__c: order }, { Order__c: other }];
    assert.deepEqual(
      t.save('insert', 'Item__c', rows, { allOrNone: false }).map((result) => result.success),
      [false, true],
    );
    assert.deepEqual(t.get('Order__c', order, 'Total__c'), 1);
  });

  it('as the master of the master fails the details whose sums reach it', () => {
    t.store.holdRows([shop], 60_000);
    assert.deepEqual(run('insert', 'Item__c', { Order__c: order, Price__c: 5 }), refusal(shop));
    assert.deepEqual([t.get('Order__c', order, 'Total__c'), t.get('Shop__c', shop, 'Orders_Total__c')], [1, 1]);
    // what changes no sum does not go that far
    assert.deepEqual(run('update', 'Item__c', { Id: item, Kind__c: 'x' }), []);
  });

  it('is not read FOR UPDATE', () => {
    const read = (): unknown => t.query(`SELECT Id FROM Item__c WHERE Order__c = '${order}' FOR UPDATE`);
    t.store.holdRows([item], 60_000);
    assert.throws(read, { code: 'UNABLE_TO_LOCK_ROW', message: /^Record Currently Unavailable: / });
    assert.equal(t.query('SELECT Id FROM Item__c').length, 1);
    t.store.releaseRows();
    assert.deepEqual(read(), [{ Id: item }]);
  });

  it('is not merged', () => {
    const [master, loser] = ['a', 'b'].map((Name) => t.insert('Account', { Name })) as [string, string];
    t.store.holdRows([loser], 60_000);
    const transaction = t.store.begin();
    const result = t.store.merge(
      { object: 'Account', id: master, values: new Map() },
      [loser],
      t.admin,
      new FakeTriggers(),
    );
    transaction.rollback();
    assert.deepEqual(errorsOf(result), refusal(loser));
  });

  it('is held for the whole org, over a new deployment too, but not for a copy of it', () => {
    t.store.holdRows([item], 60_000);
    assert.deepEqual(t.store.isolatedCopy().query('SELECT Id FROM Item__c FOR UPDATE', { access: t.admin }).rows, []);
    assert.throws(() => t.store.holdRows(['nonsense'], 1), { code: 'MALFORMED_ID' });
  });
});
