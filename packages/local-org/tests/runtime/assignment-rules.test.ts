/** Assignment rules: who asks for them, and whom they make the owner. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { orgWith, query, request, run, type Fixture } from './org-fixture.ts';

const queue = (name: string): string =>
  `<Queue xmlns="http://soap.sforce.com/2006/04/metadata"><name>${name}</name><queueSobject><sobjectType>Case</sobjectType></queueSobject></Queue>`;

const entry = (criteria: string, queueName?: string): string =>
  `<ruleEntry>${queueName === undefined ? '' : `<assignedTo>${queueName}</assignedTo><assignedToType>Queue</assignedToType>`}${criteria}</ruleEntry>`;

const origin = (value: string): string =>
  `<criteriaItems><field>Case.Origin</field><operation>equals</operation><value>${value}</value></criteriaItems>`;

const rules = (...all: string[]): string =>
  `<AssignmentRules xmlns="http://soap.sforce.com/2006/04/metadata">${all.join('')}</AssignmentRules>`;

const rule = (name: string, active: boolean, entries: string): string =>
  `<assignmentRule><fullName>${name}</fullName><active>${active}</active>${entries}</assignmentRule>`;

const STANDARD = rule(
  'Standard',
  true,
  entry(origin('Web'), 'Web') + entry(origin('Phone')) + entry('<formula>Priority = "High"</formula>', 'Urgent'),
);

const FILES = {
  'queues/Web.queue-meta.xml': queue('Web'),
  'queues/Urgent.queue-meta.xml': queue('Urgent'),
  'queues/Rest.queue-meta.xml': queue('Rest'),
  'settings/Case.settings-meta.xml':
    '<CaseSettings xmlns="http://soap.sforce.com/2006/04/metadata"><defaultCaseOwner>Rest</defaultCaseOwner><defaultCaseOwnerType>Queue</defaultCaseOwnerType></CaseSettings>',
  'assignmentRules/Case.assignmentRules-meta.xml': rules(STANDARD, rule('Other', false, entry('', 'Urgent'))),
  'CaseTrigger.trigger': `trigger CaseTrigger on Case (after insert, before update) {
    if (Trigger.isUpdate) throw new IllegalArgumentException('no update trigger fires for an assignment');
    for (Case c : Trigger.new) if (c.Subject == 'parent') insert new Case(ParentId = c.Id, Origin = 'Web', Subject = 'child');
  }`,
};

describe('assignment rules', () => {
  let fixture: Fixture;
  before(() => (fixture = orgWith(FILES)));
  after(() => fixture.close());

  const ownerOf = async (id: string): Promise<string> =>
    (await query(fixture, `SELECT Owner.Name FROM Case WHERE Id = '${id}'`))[0].Owner.Name;

  /** Creates a Case over the REST API and answers who owns it. */
  const created = async (values: Record<string, unknown>, autoAssign?: string): Promise<string> => {
    const { status, body } = await post(values, autoAssign);
    assert.equal(status, 201, JSON.stringify(body));
    return ownerOf(body.id);
  };
  const post = async (values: unknown, autoAssign?: string, url = '/sobjects/Case') => {
    const response = await fixture.org.handle({
      method: 'POST',
      url: `/services/data/v67.0${url}`,
      headers: {
        authorization: `Bearer ${fixture.org.info.accessToken}`,
        'content-type': 'application/json',
        ...(autoAssign === undefined ? {} : { 'sforce-auto-assign': autoAssign }),
      },
      body: JSON.stringify(values),
    });
    return { status: response.status, body: JSON.parse(response.body) };
  };

  test('REST uses the active one unless it is told not to', async () => {
    assert.equal(await created({ Origin: 'Web' }), 'Web');
    assert.equal(await created({ Origin: 'Web' }, 'TRUE'), 'Web');
    assert.equal(await created({ Origin: 'Web' }, 'false'), 'Local Administrator');
  });

  test('the first line that fits decides, the default owner when none does; a line without an owner keeps it', async () => {
    assert.equal(await created({ Origin: 'Web', Priority: 'High' }), 'Web');
    assert.equal(await created({ Origin: 'Email', Priority: 'High' }), 'Urgent');
    assert.equal(await created({ Origin: 'Phone', Priority: 'High' }), 'Local Administrator');
    assert.equal(await created({ Origin: 'Email' }), 'Rest');
  });

  test('one by id is used though it is not active; an unknown id fails the record', async () => {
    const [other] = await query(fixture, "SELECT Id FROM AssignmentRule WHERE SobjectType = 'Case' AND Name = 'Other'");
    assert.equal(await created({ Origin: 'Web' }, other.Id), 'Urgent');
    const { status, body } = await post({ Origin: 'Web' }, '01Q000000000999AAA');
    assert.deepEqual([status, body[0].errorCode], [400, 'INVALID_CROSS_REFERENCE_KEY']);
  });

  test('they hold for collections, updates, and what triggers save', async () => {
    const { body } = await post(
      { records: [{ attributes: { type: 'Case' }, Origin: 'Web' }] },
      undefined,
      '/composite/sobjects',
    );
    assert.equal(await ownerOf(body[0].id), 'Web');
    await created({ Subject: 'parent', Origin: 'Phone' });
    const [child] = await query(fixture, "SELECT Owner.Name FROM Case WHERE Subject = 'child'");
    assert.equal(child.Owner.Name, 'Web');
  });

  test('Apex asks for them by DMLOptions, of the call or of the record', async () => {
    const owners = run(
      fixture,
      `Database.DMLOptions options = new Database.DMLOptions();
      options.assignmentRuleHeader.useDefaultRule = true;
      Case byCall = new Case(Origin = 'Web');
      Database.insert(byCall, options);
      Case byRecord = new Case(Origin = 'Web');
      byRecord.setOptions(options);
      Case without = new Case(Origin = 'Web');
      insert new List<Case>{ byRecord, without };
      Database.DMLOptions other = new Database.DMLOptions();
      other.assignmentRuleHeader.assignmentRuleId = [SELECT Id FROM AssignmentRule WHERE Name = 'Other'].Id;
      Case byId = new Case(Origin = 'Web');
      Database.insert(byId, other);
      for (Case each : new List<Case>{ byCall, byRecord, without, byId })
        System.debug([SELECT Owner.Name FROM Case WHERE Id = :each.Id].Owner.Name);`,
    );
    assert.deepEqual(owners, ['Web', 'Web', 'Local Administrator', 'Urgent']);
  });

  test('a queue that Apex makes may own records', () => {
    // set-up and records are saved in transactions of their own
    run(
      fixture,
      `Group made = new Group(Type = 'Queue', Name = 'Made', DeveloperName = 'Made');
      insert made;
      insert new QueueSobject(QueueId = made.Id, SobjectType = 'Case');`,
    );
    const owner = run(
      fixture,
      `Case owned = new Case(OwnerId = [SELECT QueueId FROM QueueSobject WHERE Queue.DeveloperName = 'Made'].QueueId);
      insert owned;
      System.debug([SELECT Owner.Name FROM Case WHERE Id = :owned.Id].Owner.Name);`,
    );
    assert.deepEqual(owner, ['Made']);
  });

  test('Apex REST is Apex: only DMLOptions count', async () => {
    const rest = orgWith({
      ...FILES,
      'Cases.cls': `@RestResource(urlMapping='/cases') global class Cases {
        @HttpPost global static String create() { Case made = new Case(Origin = 'Web'); insert made;
          return [SELECT Owner.Name FROM Case WHERE Id = :made.Id].Owner.Name; } }`,
    });
    const { body } = await request(rest, 'POST', '/services/apexrest/cases', {});
    assert.equal(body, 'Local Administrator');
    rest.close();
  });

  test('are listed as set-up, and one that names nobody is refused', async () => {
    assert.deepEqual(await query(fixture, 'SELECT Name, Active FROM AssignmentRule ORDER BY Name'), [
      { Name: 'Other', Active: false },
      { Name: 'Standard', Active: true },
    ]);
    const refused = (files: Record<string, string>): string => {
      try {
        orgWith({ ...FILES, ...files }).close();
        return '';
      } catch (error) {
        return (error as Error).message.split(': ').slice(1).join(': ');
      }
    };
    const path = 'assignmentRules/Case.assignmentRules-meta.xml';
    assert.equal(refused({ [path]: rules(rule('R', true, entry('', 'Nobody'))) }), 'no Queue named Nobody found');
    assert.equal(
      refused({
        [path]: rules(rule('R', true, entry('', 'Web'))),
        'queues/Web.queue-meta.xml': '<Queue><name>Web</name></Queue>',
      }),
      'the queue Web does not take Cases',
    );
    assert.equal(
      refused({ [path]: rules(rule('A', true, ''), rule('B', true, '')) }),
      'only one assignment rule may be active, not A, B',
    );
  });
});

test('that names a team tells that it has no effect', () => {
  const fixture = orgWith({
    'assignmentRules/Case.assignmentRules-meta.xml': rules(rule('R', true, '<ruleEntry><team>T</team></ruleEntry>')),
  });
  assert.deepEqual(
    fixture.org.diagnostics.map(({ message }) => message),
    ['rule R: teams have no effect here'],
  );
  fixture.close();
});

test('where all rules are inactive, REST gives the default owner, the first administrator', async () => {
  const fixture = orgWith({
    'queues/Web.queue-meta.xml': queue('Web'),
    'assignmentRules/Case.assignmentRules-meta.xml': rules(rule('Off', false, entry('', 'Web'))),
  });
  const { body } = await request(fixture, 'POST', '/sobjects/Case', { Origin: 'Web' });
  const [{ Owner }] = await query(fixture, `SELECT Owner.Name FROM Case WHERE Id = '${body.id}'`);
  assert.equal(Owner.Name, 'Local Administrator');
  fixture.close();
});
