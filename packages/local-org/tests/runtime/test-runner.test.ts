import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { orgWith, platformEvent, query, run } from './org-fixture.ts';

describe('the Apex test runner', () => {
  const fixture = orgWith(
    {
      'objects/Told__e/Told__e.object-meta.xml': platformEvent('Told', 'PublishAfterCommit', {
        Text__c: '<type>Text</type><length>50</length>',
      }),
      'Told.trigger': `trigger Told on Told__e (after insert) { for (Told__e event : Trigger.new) insert new Account(Name = 'told ' + event.Text__c); }`,
      'Work.cls': `public class Work implements Queueable, Schedulable, Database.Batchable<SObject> {
  public static Integer statics = 0;
  public void execute(QueueableContext context) { statics++; insert new Account(Name = 'queued ' + System.isQueueable()); }
  public void execute(SchedulableContext context) { insert new Account(Name = 'scheduled'); }
  public Database.QueryLocator start(Database.BatchableContext context) { return Database.getQueryLocator('SELECT Id FROM Contact'); }
  public void execute(Database.BatchableContext context, List<Contact> scope) { insert new Account(Name = 'batch ' + scope.size()); }
  public void finish(Database.BatchableContext context) { insert new Account(Name = 'finished'); }
  public static String call() {
    HttpRequest request = new HttpRequest();
    request.setEndpoint('callout:Nowhere/x');
    request.setMethod('GET');
    return new Http().send(request).getBody();
  }
  public static Integer unused() {
    return 1;
  }
}`,
      'Base.cls': `public virtual class Base {
  private static Map<String, Integer> counts = new Map<String, Integer>();
  public Integer size() { return counts.size(); }
}`,
      'WorkTest.cls': `@IsTest
private class WorkTest {
  @TestSetup static void prepare() { insert new Account(Name = 'set up'); }
  private static List<String> names() {
    List<String> found = new List<String>();
    for (Account record : [SELECT Name FROM Account WHERE Name != 'set up' ORDER BY Name]) found.add(record.Name);
    return found;
  }
  @IsTest static void seesItsSetUpAndNothingElse() {
    System.assertEquals(1, [SELECT COUNT() FROM Account]);
    System.assert([SELECT COUNT() FROM User] > 0);
    insert new Account(Name = 'mine');
  }
  @IsTest static void methodsDoNotSeeEachOther() {
    System.assertEquals(new List<String>(), names());
    System.assertEquals(0, Work.statics);
  }
  @IsTest static void limitsAreFreshBetweenStartAndStop() {
    Integer before = [SELECT COUNT() FROM Account];
    Test.startTest();
    System.assertEquals(0, Limits.getQueries());
    before = [SELECT COUNT() FROM Account];
    System.assertEquals(1, Limits.getQueries());
    Test.stopTest();
    System.assertEquals(1, Limits.getQueries());
  }
  @IsTest static void asynchronousWorkRunsAtStop() {
    insert new Contact(LastName = 'c');
    Test.startTest();
    System.enqueueJob(new Work());
    System.schedule('w', '0 0 1 * * ?', new Work());
    Database.executeBatch(new Work());
    EventBus.publish(new Told__e(Text__c = 'hello'));
    System.assertEquals(new List<String>(), names());
    Test.stopTest();
    System.assertEquals(new List<String>{ 'batch 1', 'finished', 'queued true', 'scheduled', 'told hello' }, names());
  }
  @IsTest static void aScheduleRunsAtStopWithoutCountingAsFired() {
    String request = Request.getCurrent().getRequestId();
    Test.startTest();
    System.assertEquals(request, Request.getCurrent().getRequestId());
    Id job = System.schedule('w', '0 0 1 1 1 ? 2099', new Work());
    Test.stopTest();
    CronTrigger fired = [SELECT TimesTriggered, State FROM CronTrigger WHERE Id = :job];
    System.assertEquals(0, fired.TimesTriggered);
    System.assertEquals('WAITING', fired.State);
    System.assertEquals(new List<String>{ 'scheduled' }, names());
  }
  private static Base made = new Derived();
  private class Derived extends Base { }
  @IsTest static void superclassesOfInnerClassesAreInitialised() { System.assertEquals(0, made.size()); }
  @IsTest static void eventsAreDeliveredWhenAsked() {
    EventBus.publish(new Told__e(Text__c = 'now'));
    Test.getEventBus().deliver();
    System.assertEquals(new List<String>{ 'told now' }, names());
  }
  @IsTest static void oneChunkABatch() {
    insert new List<Contact>{ new Contact(LastName = 'a'), new Contact(LastName = 'b') };
    Test.startTest();
    Database.executeBatch(new Work(), 1);
    try { Test.stopTest(); System.assert(false); } catch (UnexpectedException e) { System.assert(e.getMessage().contains('executeBatch'), e.getMessage()); }
  }
  private class Mock implements HttpCalloutMock {
    public HttpResponse respond(HttpRequest request) {
      HttpResponse response = new HttpResponse();
      response.setBody('mocked ' + request.getEndpoint());
      return response;
    }
  }
  @IsTest static void calloutsAreMocked() {
    Test.setMock(HttpCalloutMock.class, new Mock());
    System.assertEquals('mocked callout:Nowhere/x', Work.call());
    System.assertEquals(1, Limits.getCallouts());
  }
  @IsTest static void noCalloutAfterDml() {
    Test.setMock(HttpCalloutMock.class, new Mock());
    insert new Account(Name = 'pending');
    try { Work.call(); System.assert(false); } catch (CalloutException e) {
      System.assertEquals('You have uncommitted work pending. Please commit or rollback before calling out', e.getMessage());
    }
  }
  @IsTest static void fails() { System.assertEquals(1, 2, 'one is not two'); }
  @IsTest static void breaks() { Object nothing; nothing.hashCode(); }
  @IsTest(SeeAllData=true) static void seesTheOrg() { System.assertEquals('real', [SELECT Name FROM Account WHERE Name = 'real'].Name); insert new Account(Name = 'undone'); }
}`,
      'BrokenTest.cls': `@IsTest
private class BrokenTest {
  @IsTest static void one() { Integer x = 'text'; }
  @IsTest
  static void two() { }
}`,
    },
    {},
    true,
  );
  after(() => fixture.close());
  run(fixture, "insert new Account(Name = 'real');");
  const result = fixture.org.runTests({ coverage: true });
  const outcomeOf = (name: string) => result.outcomes.find((outcome) => outcome.methodName === name)!;

  for (const name of [
    'seesItsSetUpAndNothingElse',
    'methodsDoNotSeeEachOther',
    'limitsAreFreshBetweenStartAndStop',
    'asynchronousWorkRunsAtStop',
    'aScheduleRunsAtStopWithoutCountingAsFired',
    'superclassesOfInnerClassesAreInitialised',
    'eventsAreDeliveredWhenAsked',
    'oneChunkABatch',
    'calloutsAreMocked',
    'noCalloutAfterDml',
    'seesTheOrg',
  ]) {
    test(name, () => assert.deepEqual([outcomeOf(name).outcome, outcomeOf(name).message], ['Pass', null]));
  }

  test('a failed assertion tells what it compared, and where', () => {
    const { outcome, message, stackTrace } = outcomeOf('fails');
    assert.deepEqual(
      [outcome, message],
      ['Fail', 'System.AssertException: Assertion Failed: one is not two: Expected: 1, Actual: 2'],
    );
    assert.match(stackTrace!, /^Class\.WorkTest\.fails: line \d+, column 1$/);
    assert.equal(outcomeOf('breaks').message, 'System.NullPointerException: Attempt to de-reference a null object');
  });

  test('a class that does not compile fails its own tests with the diagnostic', () => {
    const broken = result.outcomes.filter((outcome) => outcome.className === 'BrokenTest');
    assert.deepEqual(
      broken.map(({ methodName, outcome }) => [methodName, outcome]),
      [
        ['one', 'CompileFail'],
        ['two', 'CompileFail'],
      ],
    );
    assert.match(broken[0]!.message!, /^app\/classes\/BrokenTest\.cls:3:\d+ /);
  });

  test('coverage has the lines that ran', () => {
    const work = result.coverage!.find(({ name }) => name === 'Work')!;
    assert.deepEqual(work.uncovered, [15]);
    assert.equal(
      result.coverage!.some(({ name }) => name === 'WorkTest'),
      false,
    );
  });

  test('nothing of a test stays', async () => {
    assert.deepEqual(await query(fixture, 'SELECT Name FROM Account'), [{ Name: 'real' }]);
    assert.equal(fixture.org.nextDue(), null);
  });

  test('classes are chosen by name, in any case', () => {
    assert.deepEqual(
      new Set(fixture.org.runTests({ classNames: ['brokentest'] }).outcomes.map(({ className }) => className)),
      new Set(['BrokenTest']),
    );
  });
});
