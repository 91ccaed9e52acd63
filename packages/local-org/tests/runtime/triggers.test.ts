import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { orgWith, query, request, run } from './org-fixture.ts';

describe('triggers', () => {
  const fixture = orgWith({
    'CaseTrigger.trigger': `trigger CaseTrigger on Case (before insert, before update, after insert, after update, before delete, after delete, after undelete) {
  if (Trigger.isBefore && (Trigger.isInsert || Trigger.isUpdate)) {
    for (Case record : Trigger.new) {
      Runs.count++;
      if (record.Subject == 'raw') record.Description = '[' + record.Reason + ']';
      if (record.Subject == 'stamp') record.Priority = 'High';
      if (record.Subject == 'refuse') record.addError('not this one');
      if (record.Subject == 'refuse field') record.Priority.addError('bad priority');
      if (record.Subject == 'fail') Runs.fail();
      if (Trigger.isInsert && record.isClone()) record.SuppliedName = 'of ' + record.getCloneSourceId();
    }
  }
  if (Trigger.isAfter && Trigger.isInsert) {
    for (Case record : Trigger.new) {
      if (record.Subject == 'child') insert new Case(Subject = 'of child', ParentId = record.Id);
      if (record.Subject == 'read only') record.Subject = 'x';
      if (record.Subject == 'for ever') insert new Case(Subject = 'for ever');
    }
  }
  if (Trigger.isAfter && Trigger.isUpdate) {
    for (Case record : Trigger.new) Runs.log.add(Trigger.oldMap.get(record.Id).Subject + '>' + record.Subject);
  }
  if (Trigger.isDelete) Runs.log.add(Trigger.operationType + ' ' + Trigger.old.size() + ' ' + Trigger.new);
  if (Trigger.isUndelete) Runs.log.add(Trigger.operationType + ' ' + Trigger.new.size());
}`,
    'Runs.cls': `public class Runs {
  public static Integer count = 0;
  public static List<String> log = new List<String>();
  public static void fail() {
    String text;
    text.length();
  }
}`,
  });
  after(() => fixture.close());
  const create = (record: object): Promise<{ status: number; body: any }> =>
    request(fixture, 'POST', '/sobjects/Case', record);

  test('a before trigger changes what is saved', async () => {
    const { body } = await create({ Subject: 'stamp' });
    assert.deepEqual(await query(fixture, `SELECT Priority FROM Case WHERE Id = '${body.id}'`), [{ Priority: 'High' }]);
  });

  test('a trigger knows a clone, and what it copies', async () => {
    run(
      fixture,
      `Case original = new Case(Subject = 'original');
       insert original;
       Case copy = original.clone(false, true);
       copy.Subject = 'clone';
       insert copy;
       insert new Case(Subject = 'no clone');
       update copy;`,
    );
    const rows = await query(
      fixture,
      "SELECT Id, Subject, SuppliedName FROM Case WHERE Subject IN ('original', 'clone', 'no clone') ORDER BY Id",
    );
    const [original] = rows;
    assert.deepEqual(
      rows.map(({ Subject, SuppliedName }) => [Subject, SuppliedName]),
      [
        ['original', null],
        ['clone', `of ${original.Id}`],
        ['no clone', null],
      ],
    );
  });

  test('addError refuses a record, over the API too', async () => {
    const { status, body } = await create({ Subject: 'refuse' });
    assert.equal(status, 400);
    assert.deepEqual(body, [{ message: 'not this one', errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', fields: [] }]);
    assert.deepEqual((await create({ Subject: 'refuse field' })).body[0].fields, ['Priority']);
  });

  test('an exception in a trigger is the error of its records, with trigger, cause and line', async () => {
    const { body } = await create({ Subject: 'fail' });
    assert.equal(body[0].errorCode, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY');
    assert.equal(
      body[0].message,
      'CaseTrigger: execution of BeforeInsert\n\ncaused by: System.NullPointerException: Attempt to de-reference a null object\n\n' +
        'Class.Runs.fail: line 6, column 1\nTrigger.CaseTrigger: line 9, column 1',
    );
  });

  test('DML in a trigger belongs to the same transaction', async () => {
    const { body } = await create({ Subject: 'child' });
    assert.equal((await query(fixture, `SELECT Id FROM Case WHERE ParentId = '${body.id}'`)).length, 1);
  });

  test('records of after triggers are read-only', async () => {
    const { body } = await create({ Subject: 'read only' });
    assert.match(body[0].message, /execution of AfterInsert\n\ncaused by: System\.FinalException: Record is read-only/);
  });

  test('a recursion ends at the sixteenth trigger, and nothing stays', async () => {
    const { status, body } = await create({ Subject: 'for ever' });
    assert.equal(status, 400);
    assert.match(body[0].message, /Maximum trigger depth exceeded/);
    assert.equal((await query(fixture, "SELECT Id FROM Case WHERE Subject = 'for ever'")).length, 0);
  });

  test('with allOrNone=false triggers fire again for the survivors, and statics keep their values', () => {
    const lines = run(
      fixture,
      `List<Case> records = new List<Case>();
      for (Integer i = 0; i < 10; i++) records.add(new Case(Subject = i == 3 ? 'refuse' : 'fine'));
      Integer saved = 0;
      for (Database.SaveResult result : Database.insert(records, false)) if (result.isSuccess()) saved++;
      System.debug(saved + ' ' + Runs.count + ' ' + records[3].Id + ' ' + (records[4].Id != null));`,
    );
    assert.deepEqual(lines, ['9 19 null true']);
  });

  test('chunks of 200, one transaction', () => {
    const lines = run(
      fixture,
      `List<Case> records = new List<Case>();
      for (Integer i = 0; i < 450; i++) records.add(new Case(Subject = 'bulk'));
      insert records;
      System.debug(Runs.count);
      for (Case record : records) record.Subject = 'changed';
      update records;
      System.debug(Runs.log.size() + ' ' + Runs.log[449] + ' ' + Limits.getDmlRows() + ' ' + Limits.getDmlStatements());
      delete records;
      System.debug(Runs.log[450]);
      undelete records;
      System.debug(Runs.log[Runs.log.size() - 1]);`,
    );
    assert.deepEqual(lines, ['450', '450 bulk>changed 900 2', 'BEFORE_DELETE 200 null', 'AFTER_UNDELETE 50']);
  });

  test('before triggers see raw values; the stored ones are trimmed', () => {
    const lines = run(
      fixture,
      `Case record = new Case(Subject = 'raw', Reason = '');
      insert record;
      record = [SELECT Reason, Description FROM Case WHERE Id = :record.Id];
      System.debug(record.Reason + ' ' + record.Description);`,
    );
    assert.deepEqual(lines, ['null []']);
  });
});

test('a failure names the trigger that failed, not one that ran within it', () => {
  const fixture = orgWith({
    'Around.trigger': `trigger Around on Account (after insert) {
      insert new Case(Subject = 'fine');
      insert new Contact(FirstName = 'without a last name');
    }`,
    'Within.trigger': 'trigger Within on Case (before insert, after insert) { System.debug(Trigger.new); }',
  });
  const [message] = run(
    fixture,
    `try { insert new Account(Name = 'A'); } catch (DmlException e) { System.debug(e.getDmlMessage(0).substringBefore('\\n')); }`,
  ).slice(-1);
  assert.equal(message, 'Around: execution of AfterInsert');
  fixture.close();
});
