import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Access, Value } from '../../../src/store/types.ts';
import { errorsOf, NOTHING, person, plain, SHOP, testStore } from '../open.ts';
import type { TestStore } from '../open.ts';

const NO_EDIT = 'INSUFFICIENT_ACCESS_OR_READONLY: insufficient access rights on object id []';

describe('a detail of a private master', () => {
  let t: TestStore;
  let owner: Access;
  let other: Access;
  let shop: string;
  let order: string;
  let item: string;
  beforeEach(() => {
    t = testStore({ packageDirs: [SHOP] });
    owner = person(t, NOTHING, 'Seller');
    other = person(t, NOTHING, 'Seller');
    shop = t.insert('Shop__c', { Name: 'Corner' }, { access: owner });
    order = t.insert('Order__c', { Name: 'First', Shop__c: shop }, { access: owner });
    item = t.insert('Item__c', { Name: 'Pen', Order__c: order }, { access: owner });
  });
  const seen = (object: string, access: Access): unknown[] =>
    t.store.query(`SELECT Name FROM ${object}`, { access }).rows.map((row) => plain(row)['Name']);
  const write = (
    operation: 'insert' | 'update' | 'delete',
    object: string,
    values: Record<string, Value>,
    by: Access,
  ) => errorsOf(t.save(operation, object, [values], { access: by })[0]);

  it('is seen by those who see the master, at every level', () => {
    for (const [object, name] of [
      ['Shop__c', 'Corner'],
      ['Order__c', 'First'],
      ['Item__c', 'Pen'],
    ] as const)
      assert.deepEqual([seen(object, owner), seen(object, other), seen(object, t.admin)], [[name], [], [name]], object);
    assert.deepEqual(seen('Item__c', { ...other, mode: 'system', sharing: true }), []);
    assert.deepEqual(seen('Item__c', { ...other, mode: 'system', sharing: false }), ['Pen']);
  });

  it('of a junction is seen by those who see both masters', () => {
    const label = t.insert('Label__c', { Name: 'Fragile' });
    t.insert('Label_Use__c', { Name: 'Use', Order__c: order, Label__c: label });
    assert.deepEqual([seen('Label_Use__c', owner), seen('Label_Use__c', other)], [['Use'], []]);
  });

  it('cannot be put under a master that its author does not see, not even where Read is enough', () => {
    assert.deepEqual(write('insert', 'Order__c', { Shop__c: shop }, other), [
      `INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: insufficient access rights on cross-reference id: ${shop.slice(0, 15)} []`,
    ]);
    assert.deepEqual(write('insert', 'Item__c', { Order__c: order }, other), [
      `INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: insufficient access rights on cross-reference id: ${order.slice(0, 15)} []`,
    ]);
    assert.deepEqual(write('insert', 'Order__c', { Shop__c: shop }, { ...other, mode: 'system', sharing: false }), []);
  });

  it('is changed and deleted by those who may edit the master', () => {
    assert.deepEqual(write('update', 'Item__c', { Id: item, Price__c: 1 }, owner), []);
    assert.deepEqual(write('update', 'Item__c', { Id: item, Price__c: 2 }, other), [NO_EDIT]);
    assert.deepEqual(write('delete', 'Item__c', { Id: item }, other), [NO_EDIT]);
    assert.deepEqual(write('delete', 'Item__c', { Id: item }, owner), []);
  });

  it('is written by those who only read the master where writeRequiresMasterRead says so', () => {
    t.store.schema.objects.get('shop__c')!.sharingModel = 'Read';
    // an order asks for Read of its shop; an item for Edit of its order, whose own writers need no more than that
    assert.deepEqual(write('update', 'Order__c', { Id: order, Name: 'Second' }, other), []);
    assert.deepEqual(write('update', 'Item__c', { Id: item, Price__c: 2 }, other), []);
    const field = t.store.schema.objects.get('order__c')!.fields.get('shop__c')!;
    field.writeRequiresMasterRead = false;
    assert.deepEqual(write('update', 'Order__c', { Id: order, Name: 'Third' }, other), [NO_EDIT]);
    assert.deepEqual(write('update', 'Item__c', { Id: item, Price__c: 3 }, other), [NO_EDIT]);
  });

  it('moves only to a master that its mover may write to', () => {
    const theirs = t.insert('Shop__c', { Name: 'Other' }, { access: other });
    assert.match(
      write('update', 'Order__c', { Id: order, Shop__c: theirs }, owner)[0]!,
      /^INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY/,
    );
    t.save('update', 'Shop__c', [{ Id: theirs, OwnerId: owner.userId }]);
    assert.deepEqual(write('update', 'Order__c', { Id: order, Shop__c: theirs }, owner), []);
  });

  it('keeps its master where the relationship does not let it move', () => {
    const label = t.insert('Label__c', {});
    const use = t.insert('Label_Use__c', { Order__c: order, Label__c: label });
    const second = t.insert('Label__c', {});
    const move = (source: 'api' | 'apex'): string[] =>
      errorsOf(t.save('update', 'Label_Use__c', [{ Id: use, Label__c: second }], { source })[0]);
    assert.match(move('api')[0]!, /^INVALID_FIELD_FOR_INSERT_UPDATE: Unable to create\/update fields: Label__c/);
    assert.deepEqual(move('apex'), []);
    assert.equal(t.get('Label_Use__c', use, 'Label__c'), label);
  });
});
