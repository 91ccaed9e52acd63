import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { orgWith, query, run } from './org-fixture.ts';

describe('callouts', () => {
  const JOB = (
    name: string,
    allows: boolean,
  ): string => `public class ${name} implements Queueable${allows ? ', Database.AllowsCallouts' : ''} {
  public void execute(QueueableContext context) { String body = Caller.call('x'); insert new Account(Name = '${name} ' + body); }
}`;
  let requests: string[] = [];
  const fixture = orgWith(
    {
      'Caller.cls': `public class Caller {
  public static String call(String path) {
    HttpRequest request = new HttpRequest();
    request.setEndpoint('callout:Partner/' + path);
    request.setMethod('POST');
    request.setHeader('X-Key', 'k');
    request.setBody('body');
    return new Http().send(request).getBody();
  }
  @future public static void quiet() { call('x'); }
  @future(callout=true) public static void loud() { String body = call('x'); insert new Account(Name = 'future ' + body); }
}`,
      'Silent.cls': JOB('Silent', false),
      'Speaking.cls': JOB('Speaking', true),
      'Timed.cls':
        "public class Timed implements Schedulable { public void execute(SchedulableContext context) { Caller.call('x'); } }",
      'OnContact.trigger': "trigger OnContact on Contact (before insert) { Caller.call('x'); }",
    },
    {
      namedCredentials: { Partner: 'https://partner.example/base/' },
      callout: ({ method, url, headers, body }) => {
        requests.push(`${method} ${url} ${headers['x-key']} ${body}`);
        if (url.endsWith('down')) throw new Error('Connection refused');
        return { status: 200, headers: {}, body: 'answer' };
      },
    },
  );
  after(() => fixture.close());
  const exception = (apex: string): string | null => fixture.org.executeAnonymous(apex).exceptionMessage;

  test('a named credential leads to its URL', () => {
    requests = [];
    assert.deepEqual(run(fixture, "System.debug(Caller.call('path?q=1') + ' ' + Limits.getCallouts());"), ['answer 1']);
    assert.deepEqual(requests, ['POST https://partner.example/base/path?q=1 k body']);
  });

  test('an unknown named credential, and no answer, are CalloutExceptions', () => {
    assert.match(
      exception(
        "HttpRequest r = new HttpRequest(); r.setEndpoint('callout:Ghost/x'); r.setMethod('GET'); new Http().send(r);",
      )!,
      /^System\.CalloutException: .*named credential Ghost/,
    );
    assert.equal(exception("Caller.call('down');"), 'System.CalloutException: Connection refused');
  });

  test('not after DML, until it is rolled back and released', () => {
    const pending =
      'System.CalloutException: You have uncommitted work pending. Please commit or rollback before calling out';
    assert.equal(exception("insert new Account(Name = 'x'); Caller.call('x');"), pending);
    assert.equal(exception("System.enqueueJob(new Silent()); Caller.call('x');"), pending);
    assert.equal(
      exception(
        "Savepoint s = Database.setSavepoint(); insert new Account(Name = 'x'); Database.rollback(s); Caller.call('x');",
      ),
      pending,
    );
    assert.equal(
      exception(
        "Savepoint s = Database.setSavepoint(); insert new Account(Name = 'x'); Database.rollback(s); Database.releaseSavepoint(s); Caller.call('x');",
      ),
      null,
    );
  });

  test('a hundred a transaction', () => {
    assert.equal(
      exception("for (Integer i = 0; i < 101; i++) Caller.call('x');"),
      'System.LimitException: Too many callouts: 101',
    );
  });

  test('not from triggers, schedules, and jobs that do not say so', async () => {
    assert.match(
      exception("insert new Contact(LastName = 'c');")!,
      /Callout from triggers are currently not supported/,
    );
    run(
      fixture,
      "System.enqueueJob(new Silent()); System.enqueueJob(new Speaking()); Caller.quiet(); Caller.loud(); System.schedule('t', '0 0 9 * * ?', new Timed());",
    );
    await fixture.clock.advance(3_600_000);
    fixture.org.runDue();
    const names = (await query(fixture, 'SELECT Name FROM Account ORDER BY Name')).map((row) => row.Name);
    assert.deepEqual(names, ['future answer', 'Speaking answer']);
    const refused = (
      await query(fixture, "SELECT ExtendedStatus FROM AsyncApexJob WHERE Status = 'Failed' ORDER BY Id")
    ).map((row) => row.ExtendedStatus);
    assert.deepEqual(
      refused.map((text: string) =>
        /^System\.CalloutException: Callout not allowed from this (job|future method)/.test(text),
      ),
      [true, true],
    );
  });
});
