import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { customObject, orgWith, query, request, run } from './org-fixture.ts';

const MASTER = '<type>MasterDetail</type><referenceTo>Order__c</referenceTo><relationshipName>Items</relationshipName>';
const TOTAL =
  '<type>Summary</type><summaryForeignKey>Item__c.Order__c</summaryForeignKey><summaryOperation>sum</summaryOperation><summarizedField>Item__c.Price__c</summarizedField>';

describe('roll-up summaries in Apex and over the API', () => {
  const fixture = orgWith({
    'objects/Order__c/Order__c.object-meta.xml': customObject('Order', { Total__c: TOTAL }),
    'objects/Item__c/Item__c.object-meta.xml': customObject('Item', {
      Order__c: `${MASTER}<writeRequiresMasterRead>true</writeRequiresMasterRead>`,
      Price__c: '<type>Currency</type><precision>10</precision><scale>2</scale>',
    }).replace('ReadWrite', 'ControlledByParent'),
    'Orders.trigger': `trigger Orders on Order__c(before update) {
      for (Order__c o : Trigger.new) {
        System.debug('was ' + Trigger.oldMap.get(o.Id).Total__c + ', is ' + o.Total__c);
        if (o.Total__c > 100) { o.addError('No more than 100.'); }
      }
    }`,
  });
  after(() => fixture.close());

  test('the triggers of the master see the sums, and their error is that of the detail', () => {
    assert.deepEqual(
      run(
        fixture,
        `Order__c o = new Order__c(Name = 'First');
         insert o;
         insert new Item__c(Order__c = o.Id, Price__c = 60.10);
         try { insert new Item__c(Order__c = o.Id, Price__c = 40); } catch (DmlException e) { System.debug(e.getMessage()); }
         System.debug([SELECT Total__c FROM Order__c WHERE Id = :o.Id].Total__c);`,
      ),
      [
        'was 0.00, is 60.10',
        'was 60.10, is 100.10',
        'Insert failed. First exception on row 0; first error: FIELD_CUSTOM_VALIDATION_EXCEPTION, No more than 100.: []',
        '60.10',
      ],
    );
  });

  test('a save may leave them as they are for now, and the next one works them out', () => {
    run(
      fixture,
      `insert new Order__c(Name = 'Later');
       insert new Item__c(Order__c = [SELECT Id FROM Order__c WHERE Name = 'Later'].Id, Price__c = 1);`,
    );
    const item = `Id order = [SELECT Id FROM Order__c WHERE Name = 'Later'].Id;
       insert new Item__c(Order__c = order, Price__c = 2);
       System.debug([SELECT Total__c FROM Order__c WHERE Id = :order].Total__c);`;
    fixture.org.injectFault({ kind: 'summary', object: 'Item__c', code: '', message: '', count: 1 });
    assert.deepEqual(run(fixture, item), ['1.00']);
    assert.deepEqual(run(fixture, item), ['was 1.00, is 5.00', '5.00']);
    run(fixture, "delete [SELECT Id FROM Order__c WHERE Name = 'Later'];");
  });

  test('Apex that assigns one does not compile', () => {
    const { compileProblem } = fixture.org.executeAnonymous('Order__c o = new Order__c(); o.Total__c = 1;');
    assert.match(compileProblem ?? '', /Field is not writeable: Order__c\.Total__c/);
  });

  test('describes tell what it is, and how the master is written to', async () => {
    const fieldOf = async (object: string, name: string): Promise<Record<string, unknown>> =>
      (await request(fixture, 'GET', `/sobjects/${object}/describe`)).body.fields.find(
        (field: { name: string }) => field.name === name,
      );
    const { type, calculated, calculatedFormula, createable, updateable, precision, scale, groupable, filterable } =
      await fieldOf('Order__c', 'Total__c');
    assert.deepEqual(
      { type, calculated, calculatedFormula, createable, updateable, precision, scale, groupable, filterable },
      {
        type: 'currency',
        calculated: true,
        calculatedFormula: null,
        createable: false,
        updateable: false,
        precision: 18,
        scale: 2,
        groupable: false,
        filterable: true,
      },
    );
    const master = await fieldOf('Item__c', 'Order__c');
    assert.deepEqual(
      [master.cascadeDelete, master.writeRequiresMasterRead, master.updateable, master.nillable],
      [true, true, false, false],
    );
  });

  test('the API refuses to write one, and sums over it', async () => {
    const [order] = await query(fixture, 'SELECT Id FROM Order__c');
    const refused = await request(fixture, 'PATCH', `/sobjects/Order__c/${order.Id}`, { Total__c: 5 });
    assert.deepEqual([refused.status, refused.body[0].errorCode], [400, 'INVALID_FIELD_FOR_INSERT_UPDATE']);
    assert.deepEqual(await query(fixture, 'SELECT SUM(Total__c) total FROM Order__c'), [{ total: 60.1 }]);
  });
});
