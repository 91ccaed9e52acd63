import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { orgWith, query, run } from './org-fixture.ts';

describe('transactions and limits', () => {
  const fixture = orgWith({
    'Counter.cls': `public class Counter {
  public static Integer value = 0;
  public class FailureException extends Exception {}
  public static void deep(Integer n) { deep(n + 1); }
}`,
  });
  after(() => fixture.close());
  const fails = (apex: string): ReturnType<typeof fixture.org.executeAnonymous> => {
    const result = fixture.org.executeAnonymous(apex);
    assert.equal(result.compileProblem, null);
    assert.equal(result.success, false);
    return result;
  };

  test('static variables live as long as a transaction', () => {
    assert.deepEqual(run(fixture, 'System.debug(++Counter.value);'), ['1']);
    assert.deepEqual(run(fixture, 'System.debug(++Counter.value);'), ['1']);
  });

  test('an uncaught exception rolls everything back and says where it happened', async () => {
    const result = fails("insert new Account(Name = 'lost');\nthrow new Counter.FailureException('no');");
    assert.equal(result.exceptionMessage, 'Counter.FailureException: no');
    assert.equal(result.exceptionStackTrace, 'AnonymousBlock: line 2, column 1');
    assert.deepEqual([result.line, result.column], [2, 1]);
    assert.deepEqual(await query(fixture, "SELECT Id FROM Account WHERE Name = 'lost'"), []);
  });

  test('AuraHandledException tells its text only after setMessage', () => {
    const lines = run(
      fixture,
      "AuraHandledException e = new AuraHandledException('x'); System.debug(e.getMessage()); e.setMessage('y'); System.debug(e.getMessage());",
    );
    assert.deepEqual(lines, ['Script-thrown exception', 'y']);
  });

  const LIMITS: [name: string, apex: string, message: string][] = [
    [
      '101 queries',
      'for (Integer i = 0; i < 101; i++) { Integer n = [SELECT COUNT() FROM Account]; }',
      'Too many SOQL queries: 101',
    ],
    [
      '151 statements',
      "for (Integer i = 0; i < 151; i++) insert new Account(Name = 'x');",
      'Too many DML statements: 151',
    ],
    [
      '10,001 rows',
      "List<Account> many = new List<Account>(); for (Integer i = 0; i < 10001; i++) many.add(new Account(Name = 'x')); insert many;",
      'Too many DML rows: 10001',
    ],
    ['an endless loop', 'while (true) { }', 'Apex CPU time limit exceeded'],
    ['endless recursion', 'Counter.deep(0);', 'Maximum stack depth reached: 1001'],
  ];
  for (const [name, apex, message] of LIMITS) {
    test(`${name}: a limit that Apex cannot catch`, () => {
      const result = fails(`try { ${apex} } catch (Exception e) { System.debug('caught'); } finally { }`);
      assert.equal(result.exceptionMessage, `System.LimitException: ${message}`);
      assert.doesNotMatch(result.log, /caught/);
    });
  }

  test('CPU is counted, not measured: two runs use the same', () => {
    const apex = 'for (Integer i = 0; i < 100000; i++) { } System.debug(Limits.getCpuTime());';
    assert.deepEqual(run(fixture, apex), run(fixture, apex));
  });

  test('custom metadata queries are free', () => {
    assert.deepEqual(
      run(
        fixture,
        "Integer n = [SELECT COUNT() FROM Account]; System.debug(Limits.getQueries() + ' ' + Limits.getLimitQueries());",
      ),
      ['1 100'],
    );
  });
});

describe('user mode and sharing', () => {
  const CLASSES = {
    'Modern.cls':
      "public class Modern { public static Integer count() { return [SELECT Id FROM Case].size(); } public static void add() { insert new Case(Subject = 'by user'); } }",
    'Modern.cls-meta.xml':
      '<ApexClass xmlns="http://soap.sforce.com/2006/04/metadata"><apiVersion>67.0</apiVersion><status>Active</status></ApexClass>',
    'Trusted.cls':
      "public without sharing class Trusted { public static Integer count() { return [SELECT Id FROM Case WITH SYSTEM_MODE].size(); } public static void add() { insert as system new Case(Subject = 'by system'); } }",
    'Trusted.cls-meta.xml':
      '<ApexClass xmlns="http://soap.sforce.com/2006/04/metadata"><apiVersion>67.0</apiVersion><status>Active</status></ApexClass>',
    'Old.cls': 'public class Old { public static Integer count() { return [SELECT Id FROM Case].size(); } }',
    'ModeTest.cls': `@IsTest
private class ModeTest {
  private static User nobody() {
    Profile minimum = [SELECT Id FROM Profile WHERE Name = 'Minimum Access - Salesforce'];
    User person = new User(Username = 'nobody@example.com', LastName = 'Nobody', Email = 'n@example.com', Alias = 'nobody', ProfileId = minimum.Id,
      TimeZoneSidKey = 'GMT', LocaleSidKey = 'en_US', EmailEncodingKey = 'UTF-8', LanguageLocaleKey = 'en_US');
    insert person;
    return person;
  }
  @IsTest static void version67RunsAsTheUser() {
    insert new Case(Subject = 'x');
    System.runAs(nobody()) {
      try { Modern.count(); System.assert(false, 'read'); } catch (QueryException e) { System.assert(e.getMessage().contains('Case'), e.getMessage()); }
      try { Modern.add(); System.assert(false, 'wrote'); } catch (SecurityException e) { System.assertEquals('Access to entity \\'Case\\' denied', e.getMessage()); }
    }
  }
  @IsTest static void systemModeIsAskedFor() {
    System.runAs(nobody()) { Trusted.add(); System.assertEquals(1, Trusted.count()); }
  }
  @IsTest static void olderVersionsRunAsTheSystem() {
    insert new Case(Subject = 'x');
    System.runAs(nobody()) { System.assertEquals(1, Old.count()); }
  }
}`,
  };
  const fixture = orgWith(CLASSES);
  after(() => fixture.close());

  test('from API version 67 on, database operations run in user mode unless they say otherwise', () => {
    const { outcomes } = fixture.org.runTests();
    assert.deepEqual(
      outcomes.map(({ methodName, message }) => [methodName, message]),
      [
        ['version67RunsAsTheUser', null],
        ['systemModeIsAskedFor', null],
        ['olderVersionsRunAsTheSystem', null],
      ],
    );
  });
});
