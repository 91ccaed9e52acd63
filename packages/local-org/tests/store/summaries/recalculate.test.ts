import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import type { Value } from '../../../src/store/types.ts';
import { SHOP, testStore } from '../open.ts';

describe('roll-up summaries of records that are there already', () => {
  const dir = mkdtempSync(join(tmpdir(), 'store-summaries-'));
  after(() => rmSync(dir, { recursive: true }));
  let file: string;
  let project: string;
  let ids: { shop: string; order: string };
  let count = 0;

  beforeEach(() => {
    file = join(dir, `${++count}.sqlite`);
    project = join(dir, `project-${count}`);
    cpSync(SHOP, project, { recursive: true });
  });
  const at = (object: string, field: string): string =>
    join(project, `default/objects/${object}/fields/${field}.field-meta.xml`);

  /** Opens the org, does something, and closes it. */
  function opened<T>(work: (t: ReturnType<typeof testStore>) => T): T {
    const t = testStore({ packageDirs: [project], file });
    try {
      return work(t);
    } finally {
      t.store.close();
    }
  }

  const fill = (): void =>
    opened((t) => {
      const shop = t.insert('Shop__c', { Name: 'Corner' });
      const order = t.insert('Order__c', { Name: 'First', Shop__c: shop });
      ids = { shop, order };
      for (const Price__c of [1, 2.5]) t.insert('Item__c', { Order__c: order, Price__c });
    });
  const read = (object: 'Shop__c' | 'Order__c', field: string): Value | undefined =>
    opened((t) => t.get(object, object === 'Shop__c' ? ids.shop : ids.order, field));

  it('are worked out when they are deployed, those of the details before those over them', () => {
    for (const [object, field] of [
      ['Shop__c', 'Orders_Total__c'],
      ['Order__c', 'Total__c'],
    ] as const)
      cpSync(at(object, field), `${at(object, field)}.kept`);
    const later = [at('Shop__c', 'Orders_Total__c'), at('Order__c', 'Total__c')];
    const texts = later.map((path) => readFileSync(path, 'utf8'));
    for (const path of [...later, at('Order__c', 'Doubled__c')]) rmSync(path);
    rmSync(join(project, 'default/objects/Order__c/validationRules'), { recursive: true });
    fill();
    later.forEach((path, index) => writeFileSync(path, texts[index]!));
    assert.deepEqual([read('Order__c', 'Total__c'), read('Shop__c', 'Orders_Total__c')], [3.5, 3.5]);
  });

  it('are worked out again when they sum up something else, and not before', () => {
    fill();
    assert.equal(read('Order__c', 'Cheapest__c'), 1);
    const path = at('Order__c', 'Cheapest__c');
    writeFileSync(path, readFileSync(path, 'utf8').replace('<summaryOperation>min', '<summaryOperation>max'));
    assert.equal(read('Order__c', 'Cheapest__c'), 2.5);
  });

  it('keep the stamps of their records', () => {
    fill();
    const before = read('Order__c', 'SystemModstamp');
    const path = at('Order__c', 'Cheapest__c');
    writeFileSync(path, readFileSync(path, 'utf8').replace('>min<', '>max<'));
    assert.equal(read('Order__c', 'SystemModstamp'), before);
  });

  it('that were away are worked out again when they are back', () => {
    fill();
    const path = at('Order__c', 'Gift_Total__c');
    const text = readFileSync(path, 'utf8');
    rmSync(path);
    opened((t) => t.insert('Item__c', { Order__c: ids.order, Price__c: 8, Gift__c: true }));
    writeFileSync(path, text);
    assert.equal(read('Order__c', 'Gift_Total__c'), 8);
  });
});
