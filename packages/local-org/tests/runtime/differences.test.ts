/** Deliberate differences between Salesforce and the runtime of the local org: each row of DIFFERENCES.md names its test here. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { orgWith, query, run } from './org-fixture.ts';

const trigger = (name: string): string =>
  `trigger ${name} on Account (before insert) { for (Account record : Trigger.new) record.Site = (record.Site == null ? '' : record.Site) + '${name} '; }`;

describe('differences of the runtime', () => {
  const fixture = orgWith(
    {
      'Second.trigger': trigger('Second'),
      'First.trigger': trigger('First'),
      'Noisy.cls': `public class Noisy implements Database.Batchable<Integer>, Database.RaisesPlatformEvents {
  public Iterable<Integer> start(Database.BatchableContext context) { return new List<Integer>{ 1 }; }
  public void execute(Database.BatchableContext context, List<Integer> scope) { throw new IllegalArgumentException('no'); }
  public void finish(Database.BatchableContext context) { }
}`,
      'PricesTest.cls': `@IsTest
private class PricesTest {
  @IsTest static void isolated() {
    System.assertEquals(0, [SELECT COUNT() FROM Pricebook2]);
    Id book = Test.getStandardPricebookId();
    System.assertEquals(book, Test.getStandardPricebookId());
    System.assertEquals(book, [SELECT Id FROM Pricebook2 WHERE IsStandard = true].Id);
    Product2 product = new Product2(Name = 'Small ad', IsActive = true);
    insert product;
    insert new PricebookEntry(Pricebook2Id = book, Product2Id = product.Id, UnitPrice = 40, IsActive = true);
    System.assertEquals('Small ad', [SELECT Name FROM PricebookEntry WHERE Pricebook2.IsStandard = true].Name);
  }
  @IsTest(SeeAllData=true) static void withTheOrgsData() {
    System.assertEquals([SELECT Id FROM Pricebook2 WHERE IsStandard = true].Id, Test.getStandardPricebookId());
  }
}`,
    },
    {
      callout: (request) => ({ status: 200, headers: {}, body: request.url }),
    },
  );
  after(() => fixture.close());
  const exception = (apex: string): string | null => fixture.org.executeAnonymous(apex).exceptionMessage;

  test('a test finds the standard price book once it has asked for its id', () => {
    const { outcomes } = fixture.org.runTests({ classNames: ['PricesTest'] });
    assert.deepEqual(
      outcomes.map(({ methodName, message }) => [methodName, message]),
      [
        ['isolated', null],
        ['withTheOrgsData', null],
      ],
    );
  });

  test('several triggers of one object run in the order of their names', () => {
    assert.deepEqual(
      run(
        fixture,
        "Account a = new Account(Name = 'a'); insert a; System.debug([SELECT Site FROM Account WHERE Id = :a.Id].Site);",
      ),
      ['First Second'],
    );
  });

  test('CPU time counts loop turns and method calls: 2,000 are a millisecond', () => {
    assert.deepEqual(run(fixture, 'for (Integer i = 0; i < 20000; i++) { } System.debug(Limits.getCpuTime());'), [
      '10',
    ]);
  });

  test('callouts need no remote site setting', () => {
    assert.deepEqual(
      run(
        fixture,
        "HttpRequest r = new HttpRequest(); r.setEndpoint('https://example.com/x'); r.setMethod('GET'); System.debug(new Http().send(r).getBody());",
      ),
      ['https://example.com/x'],
    );
  });

  test('a failing batch chunk raises no BatchApexErrorEvent', async () => {
    run(fixture, 'Database.executeBatch(new Noisy());');
    fixture.org.runDue();
    assert.deepEqual(
      await query(fixture, "SELECT Status, NumberOfErrors FROM AsyncApexJob WHERE JobType = 'BatchApex'"),
      [{ Status: 'Completed', NumberOfErrors: 1 }],
    );
  });

  test('SOSL is refused by name', () => {
    assert.equal(
      exception("List<List<SObject>> found = [FIND 'x' IN ALL FIELDS RETURNING Account];"),
      'System.SearchException: SOSL is not supported by the local org',
    );
  });

  test('platform cache is rolled back with its transaction', () => {
    fixture.org.executeAnonymous("Cache.Org.put('local.default.k', 'v'); throw new NullPointerException();");
    assert.deepEqual(run(fixture, "System.debug(Cache.Org.get('local.default.k'));"), ['null']);
  });

  test('emails are counted and logged, never sent', () => {
    assert.deepEqual(
      run(
        fixture,
        `Messaging.SingleEmailMessage mail = new Messaging.SingleEmailMessage();
        mail.setToAddresses(new List<String>{ 'a@example.com' });
        mail.setSubject('s');
        mail.setPlainTextBody('b');
        Messaging.sendEmail(new List<Messaging.SingleEmailMessage>{ mail });
        System.debug(Limits.getEmailInvocations());`,
      ),
      ['1'],
    );
    assert.deepEqual(
      fixture.logged.filter(({ event }) => event === 'email.sent').map(({ detail }) => detail),
      [{ emails: 1 }],
    );
  });

  test('a read-only field that was queried and not changed is not written in user mode', () => {
    // LastModifiedDate stands for every field that the user may read and not edit.
    assert.deepEqual(
      run(
        fixture,
        "Account a = new Account(Name = 'u'); insert a; a = [SELECT Id, Name, LastModifiedDate FROM Account WHERE Id = :a.Id]; a.Name = 'v'; update as user a; System.debug('ok');",
      ),
      ['ok'],
    );
  });
});
