import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { errorsOf, testStore, type TestStore } from '../open.ts';
import type { Value } from '../../../src/store/types.ts';

describe('price books', () => {
  let t: TestStore;
  let standard: string;
  let retail: string;
  let product: string;
  beforeEach(() => {
    t = testStore();
    standard = t.query('SELECT Id FROM Pricebook2 WHERE IsStandard = TRUE')[0]!['Id'] as string;
    retail = t.insert('Pricebook2', { Name: 'Retail', IsActive: true });
    product = t.insert('Product2', { Name: 'Small ad', ProductCode: 'SMALL', IsActive: true });
  });
  const entry = (Pricebook2Id: string, more: Record<string, Value> = {}): Record<string, Value> => ({
    Pricebook2Id,
    Product2Id: product,
    UnitPrice: 40,
    IsActive: true,
    ...more,
  });
  const refused = (
    operation: 'insert' | 'update' | 'delete',
    object: string,
    values: Record<string, Value>,
  ): string[] => errorsOf(t.save(operation, object, [values], { allOrNone: false })[0]);
  const price = (id: string): Value | undefined => t.get('PricebookEntry', id, 'UnitPrice');

  it('the standard price book is there in a new org, and inactive', () => {
    assert.deepEqual(
      t
        .query('SELECT Name, IsActive, IsStandard FROM Pricebook2 ORDER BY CreatedDate, Id')
        .map(({ Name, IsActive, IsStandard }) => [Name, IsActive, IsStandard]),
      [
        ['Standard Price Book', false, true],
        ['Retail', true, false],
      ],
    );
    assert.equal(t.store.standardPriceBook(), standard);
  });

  it('the standard price book is activated, and neither renamed nor deleted', () => {
    assert.deepEqual(refused('update', 'Pricebook2', { Id: standard, IsActive: true }), []);
    assert.match(
      refused('update', 'Pricebook2', { Id: standard, Name: 'Mine' })[0]!,
      /^INVALID_FIELD_FOR_INSERT_UPDATE/,
    );
    assert.match(refused('delete', 'Pricebook2', { Id: standard })[0]!, /^DELETE_FAILED/);
    assert.deepEqual(refused('update', 'Pricebook2', { Id: retail, Name: 'Mine' }), []);
    assert.deepEqual(refused('delete', 'Pricebook2', { Id: retail }), []);
  });

  it('a product has a standard price before it has another, and one in each book', () => {
    assert.deepEqual(refused('insert', 'PricebookEntry', entry(retail)), [
      'STANDARD_PRICE_NOT_DEFINED: No standard price defined for this product []',
    ]);
    const first = t.insert('PricebookEntry', entry(standard, { IsActive: false }));
    assert.match(refused('insert', 'PricebookEntry', entry(retail))[0]!, /^STANDARD_PRICE_NOT_DEFINED/);
    t.save('update', 'PricebookEntry', [{ Id: first, IsActive: true }]);
    t.insert('PricebookEntry', entry(retail, { UnitPrice: 45 }));
    for (const book of [standard, retail])
      assert.deepEqual(refused('insert', 'PricebookEntry', entry(book)), [
        'FIELD_INTEGRITY_EXCEPTION: This price definition already exists in this price book []',
      ]);
  });

  it('an entry shows the name and number of its product as they are now', () => {
    const id = t.insert('PricebookEntry', entry(standard));
    t.save('update', 'Product2', [{ Id: product, Name: 'Tiny ad', ProductCode: 'TINY' }]);
    const [shown] = t.query(`SELECT Name, ProductCode FROM PricebookEntry WHERE Id = '${id}'`);
    assert.deepEqual([shown!['Name'], shown!['ProductCode']], ['Tiny ad', 'TINY']);
  });

  it("a price that follows the standard price changes with it, and is nobody else's to set", () => {
    const first = t.insert('PricebookEntry', entry(standard));
    const follower = t.insert('PricebookEntry', entry(retail, { UseStandardPrice: true, UnitPrice: null }));
    assert.equal(price(follower), 40);
    t.save('update', 'PricebookEntry', [{ Id: first, UnitPrice: 41 }]);
    assert.equal(price(follower), 41);
    assert.deepEqual(refused('update', 'PricebookEntry', { Id: follower, UnitPrice: 50 }), [
      'FIELD_INTEGRITY_EXCEPTION: field integrity exception []',
    ]);
    assert.deepEqual(refused('update', 'PricebookEntry', { Id: follower, UseStandardPrice: false }), []);
    assert.deepEqual(refused('update', 'PricebookEntry', { Id: follower, UnitPrice: 50 }), []);
    t.save('update', 'PricebookEntry', [{ Id: first, UnitPrice: 42 }]);
    assert.equal(price(follower), 50);
  });
});
