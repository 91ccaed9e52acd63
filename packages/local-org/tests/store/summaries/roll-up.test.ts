import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Row, SaveError, TriggerCall, Value } from '../../../src/store/types.ts';
import { errorsOf, FakeTriggers, SHOP, testStore } from '../open.ts';
import type { TestStore } from '../open.ts';

describe('roll-up summaries', () => {
  let t: TestStore;
  let shop: string;
  let order: string;
  beforeEach(() => {
    t = testStore({ packageDirs: [SHOP] });
    shop = t.insert('Shop__c', { Name: 'Corner' });
    order = t.insert('Order__c', { Name: 'First', Shop__c: shop });
  });

  const item = (values: Record<string, Value> = {}): string => t.insert('Item__c', { Order__c: order, ...values });
  const total = (field: string, id = order): Value | undefined => t.get('Order__c', id, field);

  it('of a record without details are 0 in number and in sum, and empty otherwise', () => {
    assert.deepEqual(
      ['Item_Count__c', 'Total__c', 'Weight_Total__c', 'Cheapest__c', 'First_Day__c', 'Gift_Total__c'].map((name) =>
        total(name),
      ),
      [0, 0, 0, null, null, 0],
    );
  });

  it('count, add up and find the least and the greatest, exact to the last digit', () => {
    item({ Price__c: 0.1, Weight__c: 1.001, Share__c: 5.5, Day__c: '2026-03-02', Packed__c: 2000 });
    item({ Price__c: 0.2, Weight__c: 2.002, Share__c: 7.25, Day__c: '2026-03-01', Packed__c: 5000 });
    item();
    assert.deepEqual(
      [
        'Item_Count__c',
        'Total__c',
        'Weight_Total__c',
        'Share_Max__c',
        'Cheapest__c',
        'First_Day__c',
        'Last_Packed__c',
      ].map((name) => total(name)),
      [3, 0.3, 3.003, 7.25, 0.1, '2026-03-01', 5000],
    );
  });

  it('add a thousand cents, and what is negative, without a float between', () => {
    t.save(
      'insert',
      'Item__c',
      Array.from({ length: 1000 }, () => ({ Order__c: order, Price__c: 0.01, Weight__c: -0.001 })),
    );
    assert.deepEqual([total('Total__c'), total('Weight_Total__c')], [10, -1]);
    item({ Price__c: 123456789.12, Weight__c: 999999999999.999 });
    assert.deepEqual([total('Total__c'), total('Weight_Total__c')], [123456799.12, 999999999998.999]);
  });

  it('of numbers with eighteen digits neither overflow nor lose their place', () => {
    const rows = Array.from({ length: 12 }, () => ({ Order__c: order, Weight__c: 80000000000000.125 }));
    t.save('insert', 'Item__c', rows);
    assert.equal(total('Weight_Total__c'), 960000000000001.5);
  });

  it('add up what is negative by filters and formulas too', () => {
    item({ Price__c: -0.1, Gift__c: true });
    item({ Price__c: -0.2, Gift__c: true });
    assert.deepEqual([total('Total__c'), total('Gift_Total__c'), total('Net_Total__c')], [-0.3, -0.3, -0.15]);
  });

  it('sum up formulas of the detail', () => {
    item({ Price__c: 5 });
    item({ Price__c: 2.5 });
    assert.equal(total('Net_Total__c'), 3.75);
  });

  it('take only details that all filter items let through, listed values by any of them', () => {
    item({ Price__c: 1, Gift__c: true });
    item({ Price__c: 2, Gift__c: true, Kind__c: 'Spare' });
    item({ Price__c: 4, Gift__c: true, Kind__c: 'lost' });
    const plain = item({ Price__c: 8 });
    assert.equal(total('Gift_Total__c'), 1);
    t.save('update', 'Item__c', [{ Id: plain, Gift__c: true }]);
    assert.equal(total('Gift_Total__c'), 9);
  });

  it('follow updates, deletes and restores of details', () => {
    const id = item({ Price__c: 3 });
    item({ Price__c: 4 });
    t.save('update', 'Item__c', [{ Id: id, Price__c: 5 }]);
    assert.equal(total('Total__c'), 9);
    t.save('delete', 'Item__c', [{ Id: id }]);
    assert.deepEqual([total('Total__c'), total('Item_Count__c')], [4, 1]);
    t.save('undelete', 'Item__c', [{ Id: id }]);
    assert.deepEqual([total('Total__c'), total('Item_Count__c')], [9, 2]);
  });

  it('of both masters change when a detail moves from one to the other', () => {
    const other = t.insert('Order__c', { Name: 'Second', Shop__c: shop });
    const id = item({ Price__c: 3 });
    t.save('update', 'Item__c', [{ Id: id, Order__c: other }]);
    assert.deepEqual([total('Total__c'), total('Total__c', other)], [0, 3]);
  });

  it('climb to the master of the master, whose triggers fire too', () => {
    const triggers = new FakeTriggers();
    t.save('insert', 'Item__c', [{ Order__c: order, Price__c: 7 }], {}, triggers);
    assert.deepEqual(triggers.calls, [
      'before insert Item__c 1',
      'after insert Item__c 1',
      'before update Order__c 1',
      'after update Order__c 1',
      'before update Shop__c 1',
      'after update Shop__c 1',
    ]);
    assert.equal(t.get('Shop__c', shop, 'Orders_Total__c'), 7);
  });

  it('show triggers of the master the sum before and the sum now', () => {
    item({ Price__c: 2 });
    const seen: [Value | undefined, Value | undefined][] = [];
    const triggers = new FakeTriggers((call) => {
      if (call.object !== 'Order__c') return;
      const value = (rows: Row[] | undefined): Value | undefined => rows?.[0]?.values.get('Total__c');
      seen.push([value(call.oldRows), value(call.newRows)]);
    });
    t.save('insert', 'Item__c', [{ Order__c: order, Price__c: 5 }], {}, triggers);
    assert.deepEqual(seen, [
      [2, 7],
      [2, 7],
    ]);
  });

  it('that do not change leave the master alone', () => {
    const id = item({ Price__c: 2 });
    const before = t.get('Order__c', order, 'SystemModstamp');
    void t.clock.advance(60_000);
    const triggers = new FakeTriggers();
    t.save('update', 'Item__c', [{ Id: id, Kind__c: 'spare' }], {}, triggers);
    assert.deepEqual(triggers.calls, ['before update Item__c 1', 'after update Item__c 1']);
    assert.equal(t.get('Order__c', order, 'SystemModstamp'), before);
    item({ Price__c: 2 });
    assert.equal(t.get('Order__c', order, 'SystemModstamp'), Math.floor(t.clock.now() / 1000) * 1000);
  });

  it('that a rule of the master refuses fail the detail with its message', () => {
    const [result] = t.save('insert', 'Item__c', [{ Order__c: order, Price__c: 1000000001 }]);
    assert.deepEqual(errorsOf(result), ['FIELD_CUSTOM_VALIDATION_EXCEPTION: The order is full. []']);
    assert.deepEqual([total('Item_Count__c'), t.query('SELECT Id FROM Item__c').length], [0, 0]);
  });

  it('that the master of the master refuses fail the detail too', () => {
    t.save('insert', 'Order__c', [
      { Name: 'Second', Shop__c: shop },
      { Name: 'Third', Shop__c: shop },
    ]);
    assert.deepEqual(errorsOf(t.save('insert', 'Order__c', [{ Name: 'Fourth', Shop__c: shop }])[0]), [
      'FIELD_CUSTOM_VALIDATION_EXCEPTION: The shop is full. []',
    ]);
  });

  it('that are refused fail only the details of that master when not all or none', () => {
    const other = t.insert('Order__c', { Name: 'Second', Shop__c: shop });
    const results = t.save(
      'insert',
      'Item__c',
      [
        { Order__c: order, Price__c: 1000000001 },
        { Order__c: other, Price__c: 5 },
        { Order__c: order, Price__c: 1 },
      ],
      { allOrNone: false },
    );
    assert.deepEqual(
      results.map((result) => result.success),
      [false, true, false],
    );
    assert.deepEqual([total('Total__c'), total('Total__c', other)], [0, 5]);
  });

  it('fail a delete whose master a trigger refuses', () => {
    const id = item({ Price__c: 2 });
    const no: SaveError = { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Closed.', fields: [] };
    const refusing = new FakeTriggers((call: TriggerCall) => (call.object === 'Order__c' ? [[no]] : undefined));
    assert.deepEqual(errorsOf(t.save('delete', 'Item__c', [{ Id: id }], {}, refusing)[0]), [
      'FIELD_CUSTOM_VALIDATION_EXCEPTION: Closed. []',
    ]);
    assert.deepEqual([t.get('Item__c', id, 'IsDeleted'), total('Total__c')], [false, 2]);
  });

  it('of the other master change when a junction record goes with one master, and comes back with it', () => {
    const label = t.insert('Label__c', { Name: 'Fragile' });
    t.insert('Label_Use__c', { Order__c: order, Label__c: label });
    assert.equal(t.get('Label__c', label, 'Use_Count__c'), 1);
    t.save('delete', 'Order__c', [{ Id: order }]);
    assert.equal(t.get('Label__c', label, 'Use_Count__c'), 0);
    t.save('undelete', 'Order__c', [{ Id: order }]);
    assert.equal(t.get('Label__c', label, 'Use_Count__c'), 1);
  });

  it('are filtered, sorted and read by formulas like stored fields', () => {
    const other = t.insert('Order__c', { Name: 'Second', Shop__c: shop });
    item({ Price__c: 2 });
    t.insert('Item__c', { Order__c: other, Price__c: 5 });
    assert.deepEqual(
      t.query('SELECT Name, Doubled__c FROM Order__c WHERE Total__c > 1 ORDER BY Total__c DESC').map((row) => row),
      [
        { Name: 'Second', Doubled__c: 10 },
        { Name: 'First', Doubled__c: 4 },
      ],
    );
  });

  it('cannot be written: an error over the API, ignored from Apex', () => {
    assert.match(
      errorsOf(t.save('update', 'Order__c', [{ Id: order, Total__c: 5 }], { source: 'api' })[0])[0]!,
      /^INVALID_FIELD_FOR_INSERT_UPDATE: Unable to create\/update fields: Total__c\./,
    );
    assert.equal(t.save('update', 'Order__c', [{ Id: order, Total__c: 5 }])[0]!.success, true);
    assert.equal(total('Total__c'), 0);
  });

  it('are worked out once however many details of a master a save has', () => {
    const triggers = new FakeTriggers();
    t.save(
      'insert',
      'Item__c',
      Array.from({ length: 150 }, () => ({ Order__c: order, Price__c: 1 })),
      {},
      triggers,
    );
    assert.equal(triggers.calls.filter((call) => call === 'after update Order__c 1').length, 1);
  });

  it('that are too large for their field fail the detail', () => {
    const rows = Array.from({ length: 12 }, () => ({ Order__c: order, Weight__c: 99999999999999.125 }));
    assert.match(errorsOf(t.save('insert', 'Item__c', rows)[0])[0]!, /^NUMBER_OUTSIDE_VALID_RANGE: Weight Total/);
  });

  it('have the type of what they sum up', () => {
    const field = (name: string): unknown[] => {
      const { type, precision, scale, calculated, createable, updateable } = t.store.schema.objects
        .get('order__c')!
        .fields.get(name.toLowerCase())!;
      return [type, precision, scale, calculated, createable, updateable];
    };
    assert.deepEqual(field('Item_Count__c'), ['double', 18, 0, true, false, false]);
    assert.deepEqual(field('Total__c'), ['currency', 18, 2, true, false, false]);
    assert.deepEqual(field('Share_Max__c'), ['percent', 5, 2, true, false, false]);
    assert.deepEqual(field('First_Day__c').slice(0, 1), ['date']);
    const above = t.store.schema.objects.get('shop__c')!.fields.get('orders_total__c')!;
    assert.deepEqual([above.type, above.scale], ['currency', 2]);
  });
});
