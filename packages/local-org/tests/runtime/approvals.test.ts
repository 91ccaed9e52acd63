/** Approval processes and locks: as Apex, REST clients and other saves meet them. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { approvalProcess, approvalStep, fieldAction, literalUpdate } from '../store/automation/support.ts';
import { orgWith, query, request, run, type Fixture } from './org-fixture.ts';

const USERS = ['agent', 'first', 'second'];
/** A user who may edit Cases and is no administrator. */
const makeUsers = `
  Profile p = [SELECT Id FROM Profile WHERE Name = 'Standard User'];
  for (String name : new List<String>{ ${USERS.map((name) => `'${name}'`).join(', ')} })
    insert new User(ProfileId = p.Id, LastName = name, Alias = name, Username = name + '@example.test', Email = name + '@example.com',
      TimeZoneSidKey = 'GMT', LocaleSidKey = 'en_US', LanguageLocaleKey = 'en_US', EmailEncodingKey = 'UTF-8');`;

const UPDATES = ['Submitted', 'Approved', 'Rejected', 'Recalled', 'Half'].map((name) =>
  literalUpdate(name, 'Reason', name),
);

const metadata = (parts: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(parts).map(([path, text]) => [`${path}-meta.xml`, text]));

const ACTIONS = {
  initialSubmissionActions: fieldAction('Submitted'),
  finalApprovalActions: fieldAction('Approved'),
  finalRejectionActions: fieldAction('Rejected'),
  recallActions: fieldAction('Recalled'),
};

const criteria = (operation: string, value: string): string =>
  `<criteriaItems><field>Case.Priority</field><operation>${operation}</operation><value>${value}</value></criteriaItems>`;

/** What only tests can do: act as somebody else. */
const LOCKS_TEST = `@IsTest private class LocksTest {
  static User named(String alias) { return [SELECT Id FROM User WHERE Alias = :alias]; }
  static Case submitted(String priority) {
    Case c = new Case(Priority = priority);
    insert c;
    Approval.ProcessSubmitRequest r = new Approval.ProcessSubmitRequest();
    r.setObjectId(c.Id);
    Approval.process(r);
    return c;
  }
  static String saving(Case c) {
    try { update new Case(Id = c.Id, Subject = 'x'); return 'saved'; } catch (DmlException e) { return e.getDmlType(0) + ': ' + e.getDmlMessage(0); }
  }
  static String LOCKED = 'ENTITY_IS_LOCKED: This record is locked. If you need to edit it, contact your admin.';
  @IsTest static void aLockedRecordIsRefusedInSystemModeToo() {
    Case c = submitted('High');
    System.runAs(named('agent')) {
      System.assertEquals(LOCKED, saving(c));
      Case other = new Case(Subject = 'other');
      insert other;
      List<Database.SaveResult> all = Database.update(new List<Case>{ new Case(Id = c.Id, Subject = 'x'), new Case(Id = other.Id, Subject = 'y') }, false);
      System.assertEquals(StatusCode.ENTITY_IS_LOCKED, all[0].getErrors()[0].getStatusCode());
      System.assert(all[1].isSuccess());
      try { delete c; System.assert(false); } catch (DmlException e) { System.assertEquals(StatusCode.ENTITY_IS_LOCKED, e.getDmlType(0)); }
    }
    System.assertEquals('saved', saving(c));
  }
  @IsTest static void anApproverEditsWhereTheProcessSaysSo() {
    Case strict_process = submitted('High');
    Case open_process = submitted('Low');
    System.runAs(named('first')) {
      System.assertEquals(LOCKED, saving(strict_process));
      System.assertEquals('saved', saving(open_process));
    }
    System.runAs(named('agent')) { System.assertEquals(LOCKED, saving(open_process)); }
  }
  @IsTest static void onlyTheApproverDecides() {
    Case c = submitted('High');
    Approval.ProcessWorkitemRequest r = new Approval.ProcessWorkitemRequest();
    r.setWorkitemId([SELECT Id FROM ProcessInstanceWorkitem WHERE ProcessInstance.TargetObjectId = :c.Id].Id);
    r.setAction('Approve');
    System.runAs(named('agent')) {
      Approval.ProcessResult refused = Approval.process(r, false);
      System.assert(!refused.isSuccess());
      System.assertEquals(StatusCode.INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY, refused.getErrors()[0].getStatusCode());
    }
    System.runAs(named('first')) { System.assertEquals('Pending', Approval.process(r).getInstanceStatus()); }
  }
  @IsTest static void apexLocksAndUnlocks() {
    Case c = new Case(Subject = 'a');
    insert c;
    Integer before = Limits.getDmlStatements();
    System.assert(Approval.lock(c.Id).isSuccess());
    System.assertEquals(before + 1, Limits.getDmlStatements());
    System.assert(Approval.isLocked(c));
    System.runAs(named('agent')) { System.assertEquals(LOCKED, saving(c)); }
    System.assertEquals(new Map<Id, Boolean>{ c.Id => true }, Approval.isLocked(new List<Id>{ c.Id }));
    System.assert(Approval.unlock(new List<Case>{ c })[0].isSuccess());
    System.runAs(named('agent')) { System.assertEquals('saved', saving(c)); }
    Savepoint beforeLock = Database.setSavepoint();
    Approval.lock(c.Id);
    Database.rollback(beforeLock);
    System.assert(!Approval.isLocked(c.Id));
  }
}`;

/** An org whose High Cases are approved by two in turn, and whose Low ones by both at once. */
const openOrg = (): Fixture => {
  const fixture = orgWith({
    'workflows/Case.workflow-meta.xml': `<Workflow>${UPDATES.join('')}</Workflow>`,
    ...metadata(
      approvalProcess('In_Turn', { ...ACTIONS, entryCriteria: criteria('equals', 'High') }, [
        approvalStep('One', ['first@example.test'], `<approvalActions>${fieldAction('Half')}</approvalActions>`),
        approvalStep('Two', ['second@example.test'], '<rejectBehavior><type>BackToPrevious</type></rejectBehavior>'),
      ]),
    ),
    ...metadata(
      approvalProcess(
        'Together',
        {
          ...ACTIONS,
          entryCriteria: criteria('equals', 'Low'),
          recordEditability: 'AdminOrCurrentApprover',
          finalApprovalRecordLock: 'true',
        },
        [approvalStep('Both', ['first@example.test', 'second@example.test'], '', 'Unanimous')],
      ),
    ),
    'Noted.trigger': `trigger Noted on Case (before update) {
      for (Case c : Trigger.new) if (c.Reason != Trigger.oldMap.get(c.Id).Reason) c.Comments = Trigger.oldMap.get(c.Id).Reason + ' > ' + c.Reason;
    }`,
    'LocksTest.cls': LOCKS_TEST,
  });
  run(fixture, makeUsers);
  return fixture;
};

describe('an approval process', () => {
  let fixture: Fixture;
  before(() => (fixture = openOrg()));
  after(() => fixture.close());

  /** Answers the id of a new Case that was submitted. */
  const submitted = (priority: string): string =>
    run(
      fixture,
      `Case c = new Case(Priority = '${priority}'); insert c;
       Approval.ProcessSubmitRequest r = new Approval.ProcessSubmitRequest();
       r.setObjectId(c.Id); r.setComments('please');
       Approval.ProcessResult done = Approval.process(r);
       System.debug(c.Id); System.debug(done.isSuccess() + ' ' + done.getInstanceStatus() + ' ' + done.getNewWorkitemIds().size());`,
    )[0]!;
  const workitems = async (id: string) =>
    query(
      fixture,
      `SELECT Id, Actor.Alias FROM ProcessInstanceWorkitem WHERE ProcessInstance.TargetObjectId = '${id}' ORDER BY Id`,
    );
  const state = async (id: string): Promise<unknown[]> => {
    const [record] = await query(fixture, `SELECT Reason FROM Case WHERE Id = '${id}'`);
    const [instance] = await query(fixture, `SELECT Status FROM ProcessInstance WHERE TargetObjectId = '${id}'`);
    const locked = run(fixture, `System.debug(Approval.isLocked('${id}'));`)[0];
    return [instance.Status, record.Reason, locked === 'true' ? 'locked' : 'open'];
  };
  const decides = async (id: string, actionType: string, at = 0): Promise<{ status: number; body: any }> => {
    const items = await workitems(id);
    return request(fixture, 'POST', '/process/approvals', {
      requests: [{ actionType, contextId: items[at]!.Id, comments: actionType }],
    });
  };
  const updates = (id: string): Promise<{ status: number; body: any }> =>
    request(fixture, 'PATCH', `/sobjects/Case/${id}`, { Subject: 'changed' });

  test('locks the record, runs its updates with their triggers, and asks the approver of the first step', async () => {
    const id = submitted('High');
    assert.deepEqual(await state(id), ['Pending', 'Submitted', 'locked']);
    assert.deepEqual(
      (await workitems(id)).map(({ Actor }) => Actor.Alias),
      ['first'],
    );
    const steps = await query(
      fixture,
      `SELECT StepStatus, Comments FROM ProcessInstanceStep WHERE ProcessInstance.TargetObjectId = '${id}'`,
    );
    assert.deepEqual(steps, [{ StepStatus: 'Started', Comments: 'please' }]);
    const [{ Comments }] = (await query(fixture, `SELECT Comments FROM Case WHERE Id = '${id}'`)) as [
      { Comments: string },
    ];
    assert.equal(Comments, 'null > Submitted', 'a trigger saw the change');
  });

  test('goes step by step, and opens the lock when the last has agreed', async () => {
    const id = submitted('High');
    assert.equal((await decides(id, 'Approve')).body[0].instanceStatus, 'Pending');
    assert.deepEqual(await state(id), ['Pending', 'Half', 'locked']);
    assert.deepEqual(
      (await workitems(id)).map(({ Actor }) => Actor.Alias),
      ['second'],
    );
    assert.equal((await decides(id, 'Approve')).body[0].instanceStatus, 'Approved');
    assert.deepEqual(await state(id), ['Approved', 'Approved', 'open']);
  });

  test('goes back where a step says so, and is rejected by the first', async () => {
    const id = submitted('High');
    await decides(id, 'Approve');
    assert.equal((await decides(id, 'Reject')).body[0].instanceStatus, 'Pending');
    assert.deepEqual(
      (await workitems(id)).map(({ Actor }) => Actor.Alias),
      ['first'],
    );
    assert.equal((await decides(id, 'Reject')).body[0].instanceStatus, 'Rejected');
    assert.deepEqual(await state(id), ['Rejected', 'Rejected', 'open']);
  });

  test('is taken back by a recall', async () => {
    const id = submitted('High');
    assert.equal((await decides(id, 'Removed')).body[0].instanceStatus, 'Removed');
    assert.deepEqual(await state(id), ['Removed', 'Recalled', 'open']);
    assert.equal(submitted('High').length, 18);
  });

  test('waits for all where they have to agree, and keeps the lock where it says so', async () => {
    const id = submitted('Low');
    await decides(id, 'Approve');
    assert.equal((await state(id))[0], 'Pending');
    await decides(id, 'Approve');
    assert.deepEqual(await state(id), ['Approved', 'Approved', 'locked']);
  });

  test('refuses records that no process is for, or that are in one', () => {
    const submit = (more: string): string =>
      `Approval.ProcessSubmitRequest r = new Approval.ProcessSubmitRequest(); r.setObjectId(c.Id); ${more}
       try { Approval.process(r); Approval.process(r); System.debug('went through'); } catch (DmlException e) { System.debug(e.getMessage()); }`;
    assert.deepEqual(run(fixture, `Case c = new Case(Priority = 'Medium'); insert c; ${submit('')}`), [
      'Process failed. First exception on row 0; first error: NO_APPLICABLE_PROCESS, No applicable approval process was found.: []',
    ]);
    assert.deepEqual(run(fixture, `Case c = new Case(Priority = 'High'); insert c; ${submit('')}`), [
      'Process failed. First exception on row 0; first error: ALREADY_IN_PROCESS, Cannot submit object already in process.: []',
    ]);
    const skipping = "r.setProcessDefinitionNameOrId('In_Turn'); r.setSkipEntryCriteria(true);";
    assert.match(
      run(fixture, `Case c = new Case(Priority = 'Medium'); insert c; ${submit(skipping)}`)[0]!,
      /ALREADY_IN_PROCESS/,
      'the first went through',
    );
  });

  test('lets administrators edit the locked record', async () => {
    assert.equal((await updates(submitted('High'))).status, 204);
  });

  test('binds everybody else, also Apex in system mode; approvers and locks by hand', () => {
    const { outcomes } = fixture.org.runTests({ classNames: ['LocksTest'] });
    assert.deepEqual(
      outcomes.map(({ methodName, outcome, message }) => [methodName, outcome, message]),
      [
        'aLockedRecordIsRefusedInSystemModeToo',
        'anApproverEditsWhereTheProcessSaysSo',
        'onlyTheApproverDecides',
        'apexLocksAndUnlocks',
      ].map((name) => [name, 'Pass', null]),
    );
  });
});

describe('metadata of approval processes', () => {
  test('tells what has no effect here', () => {
    const fixture = orgWith({
      ...metadata(
        approvalProcess(
          'Told',
          {
            allowedSubmitters: '<type>role</type><submitter>Boss</submitter>',
            initialSubmissionActions: '<action><name>Mail</name><type>Alert</type></action>',
          },
          [],
        ),
      ),
    });
    assert.deepEqual(
      fixture.org.diagnostics.map(({ message }) => message),
      ['people by role have no effect here', 'the action Mail of type Alert has no effect here'],
    );
    fixture.close();
  });

  test('that names what is not there does not load', () => {
    const broken = metadata(approvalProcess('Broken', { finalApprovalActions: fieldAction('Nowhere') }, []));
    assert.throws(() => orgWith(broken), /names no field update Nowhere of Case/);
  });
});
