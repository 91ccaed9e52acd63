import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { orgWith, query, run, START } from './org-fixture.ts';

const MINUTE = 60_000;

describe('queueable and future', () => {
  const fixture = orgWith({
    'Note.cls': `public class Note {
  public static void add(String text) { insert new Account(Name = text); }
}`,
    'Chain.cls': `public class Chain implements Queueable {
  private Integer left;
  private Map<String, List<Integer>> shared = new Map<String, List<Integer>>();
  private List<Integer> same;
  private transient String forgotten = 'x';
  public Chain(Integer left) {
    this.left = left;
    same = new List<Integer>{ left };
    shared.put('same', same);
  }
  public void execute(QueueableContext context) {
    same.add(99);
    AsyncApexJob job = [SELECT Status, JobType, ApexClass.Name FROM AsyncApexJob WHERE Id = :context.getJobId()];
    Note.add('chain ' + left + ' ' + shared.get('same').size() + ' ' + forgotten + ' ' + job.Status + ' ' + job.ApexClass.Name);
    if (left > 1) System.enqueueJob(new Chain(left - 1));
    if (left == 1) { System.enqueueJob(new Chain(0)); System.enqueueJob(new Chain(0)); }
  }
}`,
    'Failing.cls': `public class Failing implements Queueable, Finalizer {
  public void execute(QueueableContext context) {
    System.attachFinalizer(this);
    insert new Account(Name = 'undone');
    String none;
    none.length();
  }
  public void execute(FinalizerContext context) {
    insert new Account(Name = 'finalizer ' + context.getResult() + ' ' + context.getException().getMessage());
  }
}`,
    'Later.cls': `public class Later {
  @future public static void note(String text, Integer n, List<String> more) { Note.add(text + n + more.size() + ' ' + System.isFuture()); }
}`,
  });
  after(() => fixture.close());
  const names = async (like: string): Promise<string[]> =>
    (await query(fixture, `SELECT Name FROM Account WHERE Name LIKE '${like}%' ORDER BY Id`)).map((row) => row.Name);

  test('jobs run after the commit, in chains, with their object graph, and one job enqueues one', async () => {
    run(fixture, 'System.enqueueJob(new Chain(2));');
    assert.deepEqual(await names('chain'), []);
    assert.equal(fixture.org.nextDue(), START);
    assert.equal(fixture.org.runDue(), 2);
    assert.deepEqual(await names('chain'), ['chain 2 2 null Processing Chain']);
    const jobs = await query(
      fixture,
      "SELECT Status, NumberOfErrors, ExtendedStatus FROM AsyncApexJob WHERE ApexClass.Name = 'Chain' ORDER BY Id",
    );
    assert.deepEqual(jobs, [
      { Status: 'Completed', NumberOfErrors: 0, ExtendedStatus: null },
      {
        Status: 'Failed',
        NumberOfErrors: 1,
        ExtendedStatus: 'System.LimitException: Too many queueable jobs added to the queue: 2',
      },
    ]);
  });

  test('what is rolled back is not enqueued', () => {
    fixture.org.executeAnonymous('System.enqueueJob(new Chain(1)); throw new NullPointerException();');
    assert.equal(fixture.org.nextDue(), null);
    run(fixture, 'Savepoint s = Database.setSavepoint(); System.enqueueJob(new Chain(1)); Database.rollback(s);');
    assert.equal(fixture.org.nextDue(), null);
  });

  test('a delayed job waits for its minute', async () => {
    run(fixture, 'System.enqueueJob(new Chain(0), 5);');
    assert.equal(fixture.org.runDue(), 0);
    assert.equal(fixture.org.nextDue(), fixture.clock.now() + 5 * MINUTE);
    await fixture.clock.advance(5 * MINUTE);
    assert.equal(fixture.org.runDue(), 1);
  });

  test('a finalizer runs after its job failed and was rolled back', async () => {
    run(fixture, 'System.enqueueJob(new Failing());');
    assert.equal(fixture.org.runDue(), 2);
    assert.deepEqual(await names('undone'), []);
    assert.deepEqual(await names('finalizer'), ['finalizer UNHANDLED_EXCEPTION Attempt to de-reference a null object']);
  });

  test('a future method is queued, its arguments kept', async () => {
    run(fixture, "Later.note('future ', 7, new List<String>{ 'a', 'b' }); System.debug(System.isFuture());");
    assert.deepEqual(await names('future'), []);
    assert.equal(fixture.org.runDue(), 1);
    assert.deepEqual(await names('future'), ['future 72 true']);
  });

  test('an aborted job does not run', async () => {
    run(fixture, 'Id job = System.enqueueJob(new Chain(1)); System.abortJob(job);');
    assert.equal(fixture.org.runDue(), 0);
    assert.deepEqual(await query(fixture, "SELECT Status FROM AsyncApexJob WHERE Status = 'Aborted'"), [
      { Status: 'Aborted' },
    ]);
  });

  test('fifty jobs a transaction, not fifty-one', () => {
    const result = fixture.org.executeAnonymous('for (Integer i = 0; i < 51; i++) System.enqueueJob(new Chain(0));');
    assert.equal(result.exceptionMessage, 'System.LimitException: Too many queueable jobs added to the queue: 51');
  });
});

describe('batch Apex', () => {
  const fixture = orgWith({
    'Raise.cls': `public class Raise implements Database.Batchable<SObject>, Database.Stateful {
  public Integer seen = 0;
  public Database.QueryLocator start(Database.BatchableContext context) {
    return Database.getQueryLocator('SELECT Id, Name FROM Account WHERE Name LIKE \\'batch%\\' ORDER BY Name');
  }
  public void execute(Database.BatchableContext context, List<Account> scope) {
    seen += scope.size();
    for (Account record : scope) {
      if (record.Name == 'batch 5') throw new IllegalArgumentException('five');
      record.Site = 'seen ' + seen;
    }
    update scope;
  }
  public void finish(Database.BatchableContext context) {
    AsyncApexJob job = [SELECT Status, JobItemsProcessed, TotalJobItems, NumberOfErrors FROM AsyncApexJob WHERE Id = :context.getJobId()];
    insert new Contact(LastName = seen + ' ' + job.Status + ' ' + job.JobItemsProcessed + '/' + job.TotalJobItems + ' ' + job.NumberOfErrors);
  }
}`,
    'Numbers.cls': `public class Numbers implements Database.Batchable<Integer> {
  public Iterable<Integer> start(Database.BatchableContext context) { return new List<Integer>{ 1, 2, 3 }; }
  public void execute(Database.BatchableContext context, List<Integer> scope) { for (Integer n : scope) insert new Contact(LastName = 'n' + n); }
  public void finish(Database.BatchableContext context) { Database.executeBatch(new Raise()); }
}`,
  });
  after(() => fixture.close());

  test('start, one execute a scope, finish; a failed scope is rolled back alone and state is kept', async () => {
    run(
      fixture,
      `List<Account> records = new List<Account>();
      for (Integer i = 0; i < 7; i++) records.add(new Account(Name = 'batch ' + i));
      insert records;
      Database.executeBatch(new Raise(), 3);`,
    );
    assert.equal(fixture.org.runDue(), 5);
    const sites = (await query(fixture, "SELECT Site FROM Account WHERE Name LIKE 'batch%' ORDER BY Name")).map(
      (row) => row.Site,
    );
    assert.deepEqual(sites, ['seen 3', 'seen 3', 'seen 3', null, null, null, 'seen 4']);
    assert.deepEqual(await query(fixture, 'SELECT LastName FROM Contact'), [{ LastName: '4 Processing 3/3 1' }]);
    assert.deepEqual(
      await query(
        fixture,
        "SELECT Status, JobItemsProcessed, TotalJobItems, NumberOfErrors, ExtendedStatus FROM AsyncApexJob WHERE JobType = 'BatchApex'",
      ),
      [
        {
          Status: 'Completed',
          JobItemsProcessed: 3,
          TotalJobItems: 3,
          NumberOfErrors: 1,
          ExtendedStatus: 'First error: System.IllegalArgumentException: five',
        },
      ],
    );
  });

  test('five jobs are queued, a hundred held, and no more', async () => {
    const result = fixture.org.executeAnonymous(
      'for (Integer i = 0; i < 106; i++) Database.executeBatch(new Numbers());',
    );
    assert.equal(
      result.exceptionMessage,
      "System.AsyncException: You've exceeded the limit of 100 jobs in the flex queue for org.",
    );
    run(fixture, 'for (Integer i = 0; i < 6; i++) Database.executeBatch(new Numbers());');
    const statuses = (
      await query(fixture, "SELECT Status FROM AsyncApexJob WHERE ApexClass.Name = 'Numbers' ORDER BY Id")
    ).map((row) => row.Status);
    assert.deepEqual(statuses, ['Queued', 'Queued', 'Queued', 'Queued', 'Queued', 'Holding']);
    run(
      fixture,
      "for (AsyncApexJob job : [SELECT Id FROM AsyncApexJob WHERE ApexClass.Name = 'Numbers']) System.abortJob(job.Id);",
    );
    assert.equal(fixture.org.nextDue(), null);
  });

  test('an Iterable is a scope too, and finish may start the next job', async () => {
    run(fixture, 'Database.executeBatch(new Numbers(), 2);');
    fixture.org.runDue();
    assert.deepEqual(
      (await query(fixture, "SELECT LastName FROM Contact WHERE LastName LIKE 'n%' ORDER BY LastName")).map(
        (row) => row.LastName,
      ),
      ['n1', 'n2', 'n3'],
    );
    assert.equal(
      (await query(fixture, "SELECT Id FROM AsyncApexJob WHERE ApexClass.Name = 'Raise' AND Status = 'Completed'"))
        .length,
      2,
    );
  });
});

describe('scheduled Apex', () => {
  const fixture = orgWith({
    'Hourly.cls': `public class Hourly implements Schedulable {
  public void execute(SchedulableContext context) { insert new Account(Name = 'fired ' + [SELECT TimesTriggered FROM CronTrigger WHERE Id = :context.getTriggerId()].TimesTriggered); }
}`,
  });
  after(() => fixture.close());

  test('fires on its cron expression, its CronTrigger tells when, and ends when it is aborted', async () => {
    run(fixture, "System.schedule('every hour', '0 30 * * * ?', new Hourly());");
    assert.equal(fixture.org.nextDue(), START + 30 * MINUTE);
    await fixture.clock.advance(30 * MINUTE);
    assert.equal(fixture.org.runDue(), 1);
    const [trigger] = await query(
      fixture,
      'SELECT State, NextFireTime, PreviousFireTime, TimesTriggered, CronExpression, CronJobDetail.Name FROM CronTrigger',
    );
    assert.deepEqual(
      { ...trigger, CronJobDetail: trigger.CronJobDetail.Name },
      {
        State: 'WAITING',
        NextFireTime: '2026-11-21T09:30:00.000+0000',
        PreviousFireTime: '2026-11-21T08:30:00.000+0000',
        TimesTriggered: 1,
        CronExpression: '0 30 * * * ?',
        CronJobDetail: 'every hour',
      },
    );
    // Moments that passed unseen are made up for by one firing.
    await fixture.clock.advance(5 * 60 * MINUTE);
    assert.equal(fixture.org.runDue(), 1);
    run(
      fixture,
      "System.abortJob([SELECT Id FROM CronTrigger WHERE CronJobDetail.Name = 'every hour' AND State = 'WAITING'].Id);",
    );
    assert.equal(fixture.org.nextDue(), null);
  });

  test('a name is scheduled once, and only what can fire', () => {
    run(fixture, "System.schedule('mine', '0 0 5 * * ?', new Hourly());");
    const message = (apex: string): string | null => fixture.org.executeAnonymous(apex).exceptionMessage;
    assert.equal(
      message("System.schedule('mine', '0 0 6 * * ?', new Hourly());"),
      'System.AsyncException: The Apex job named "mine" is already scheduled for execution.',
    );
    assert.match(
      message("System.schedule('other', '0 */5 * * * ?', new Hourly());")!,
      /^System\.StringException: Seconds and minutes must be specified as integers/,
    );
    assert.match(message("System.schedule('past', '0 0 5 1 1 ? 2020', new Hourly());")!, /will never fire/);
  });
});
