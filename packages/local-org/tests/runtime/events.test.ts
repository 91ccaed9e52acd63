import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { orgWith, platformEvent, query, run } from './org-fixture.ts';

describe('platform events', () => {
  const TEXT = { Text__c: '<type>Text</type><length>50</length>' };
  const fixture = orgWith({
    'objects/Told__e/Told__e.object-meta.xml': platformEvent('Told', 'PublishAfterCommit', TEXT),
    'objects/Shouted__e/Shouted__e.object-meta.xml': platformEvent('Shouted', 'PublishImmediately', TEXT),
    'ToldTrigger.trigger': `trigger ToldTrigger on Told__e (after insert) { Listener.hear(Trigger.new); }`,
    'Listener.cls': `public class Listener {
  public static void hear(List<Told__e> events) {
    for (Told__e event : events) {
      if (event.Text__c == 'retry' && EventBus.TriggerContext.currentContext().retries < 2) throw new EventBus.RetryableException('again');
      if (event.Text__c == 'for ever') throw new EventBus.RetryableException('again');
      if (event.Text__c == 'broken') throw new IllegalArgumentException('broken');
      insert new Account(Name = event.Text__c + ' by ' + UserInfo.getName() + ' of ' + events.size());
      if (event.Text__c.startsWith('checkpoint')) EventBus.TriggerContext.currentContext().setResumeCheckpoint(event.ReplayId);
      if (event.Text__c == 'checkpoint 1') throw new IllegalArgumentException('after the checkpoint');
    }
  }
}`,
  });
  after(() => fixture.close());
  const publish = (texts: string[]): string[] =>
    run(
      fixture,
      `List<Told__e> events = new List<Told__e>(); for (String text : new List<String>{ ${texts.map((text) => `'${text}'`).join(', ')} }) events.add(new Told__e(Text__c = text)); for (Database.SaveResult r : EventBus.publish(events)) System.debug(r.isSuccess());`,
    );
  const heard = async (like: string): Promise<string[]> =>
    (await query(fixture, `SELECT Name FROM Account WHERE Name LIKE '${like}%' ORDER BY Id`)).map((row) => row.Name);

  test('an event trigger runs after the commit, as Automated Process, in its own transaction', async () => {
    assert.deepEqual(publish(['one', 'two']), ['true', 'true']);
    assert.deepEqual(await heard('one'), []);
    assert.equal(fixture.org.runDue(), 1);
    assert.deepEqual(await heard('one'), ['one by Automated Process of 2']);
  });

  test('a rolled back transaction publishes nothing after commit, but what is immediate leaves', () => {
    let shouted = 0;
    fixture.org.executeAnonymous(
      "EventBus.publish(new Told__e(Text__c = 'undone')); EventBus.publish(new Shouted__e(Text__c = 'out')); throw new NullPointerException();",
    );
    assert.equal(fixture.org.runDue(), 0);
    run(
      fixture,
      "Savepoint s = Database.setSavepoint(); EventBus.publish(new Told__e(Text__c = 'undone')); Database.rollback(s);",
    );
    assert.equal(fixture.org.runDue(), 0);
    shouted++;
    assert.equal(shouted, 1);
  });

  test('an event that does not fit is refused in its result', () => {
    assert.deepEqual(
      run(
        fixture,
        "Database.SaveResult r = EventBus.publish(new Told__e(Text__c = 'x'.repeat(51))); System.debug(r.isSuccess() + ' ' + r.getErrors()[0].getStatusCode());",
      ),
      ['false STRING_TOO_LONG'],
    );
  });

  test('RetryableException makes the batch come again', async () => {
    publish(['retry']);
    for (let tries = 0; tries < 3; tries++) {
      assert.equal(fixture.org.runDue(), 1);
      await fixture.clock.advance(60_000);
    }
    assert.equal((await heard('retry')).length, 1);
    assert.equal(fixture.org.nextDue(), null);
  });

  test('after an unexpected exception the next batch follows; with a checkpoint, the rest of this one', async () => {
    publish(['broken']);
    publish(['after broken']);
    fixture.org.runDue();
    publish(['checkpoint 1', 'checkpoint 2', 'last']);
    fixture.org.runDue();
    assert.deepEqual((await heard('checkpoint 2')).length, 1);
    // Success does not move the checkpoint: what lies behind it comes again.
    assert.deepEqual(await heard('last'), ['last by Automated Process of 2', 'last by Automated Process of 1']);
  });

  test('nine retries, then the trigger stands still', async () => {
    publish(['for ever']);
    let runs = 0;
    for (let i = 0; i < 20; i++) {
      runs += fixture.org.runDue();
      await fixture.clock.advance(3_600_000);
    }
    assert.equal(runs, 10);
    assert.equal(fixture.org.nextDue(), null);
  });

  test('publishing counts as a statement', () => {
    assert.deepEqual(
      run(
        fixture,
        "EventBus.publish(new Told__e(Text__c = 'n')); EventBus.publish(new Shouted__e()); System.debug(Limits.getDmlStatements() + ' ' + Limits.getPublishImmediateDML());",
      ),
      ['1 1'],
    );
  });
});

test('in user mode an event needs Create of its object, in system mode it does not', () => {
  const fixture = orgWith(
    {
      'objects/Told__e/Told__e.object-meta.xml': platformEvent('Told', 'PublishAfterCommit', {
        Text__c: '<type>Text</type><length>50</length>',
      }),
      'PublishTest.cls': `@IsTest
private class PublishTest {
  @IsTest
  static void asAStranger() {
    Profile minimum = [SELECT Id FROM Profile WHERE Name = 'Minimum Access - Salesforce'];
    User stranger = new User(Username = 's@example.com', Email = 's@example.com', LastName = 'S', Alias = 's', ProfileId = minimum.Id, TimeZoneSidKey = 'GMT', LocaleSidKey = 'en_US', LanguageLocaleKey = 'en_US', EmailEncodingKey = 'UTF-8');
    insert stranger;
    Told__e told = new Told__e(Text__c = 'x');
    System.runAs(stranger) {
      Assert.isFalse(EventBus.publish(told).isSuccess());
      List<Database.SaveResult> refused = EventBus.publishWithAccessLevel(new List<Told__e>{ told }, AccessLevel.USER_MODE);
      Assert.areEqual(StatusCode.INSUFFICIENT_ACCESS_OR_READONLY, refused[0].getErrors()[0].getStatusCode());
      Assert.isTrue(EventBus.publishWithAccessLevel(told, AccessLevel.SYSTEM_MODE).isSuccess());
    }
  }
}`,
    },
    { apiVersion: 67 },
  );
  after(() => fixture.close());
  const { outcomes } = fixture.org.runTests();
  assert.deepEqual(
    outcomes.map(({ outcome, message }) => [outcome, message]),
    [['Pass', null]],
  );
});
