import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LocalStore } from '../../../src/store/local-store.ts';
import { errorsOf, FakeTriggers, type TestStore } from '../open.ts';
import { noting, storeWith, xml } from './support.ts';

const to = (name: string, element = 'connector'): string =>
  `<${element}><targetReference>${name}</targetReference></${element}>`;

const text = (value: string): string => `<stringValue>${value}</stringValue>`;
const of = (path: string): string => `<elementReference>${path}</elementReference>`;

interface Start {
  timing?: 'RecordBeforeSave' | 'RecordAfterSave';
  event?: string;
  first?: string;
  more?: string;
}

const start = ({ timing = 'RecordBeforeSave', event = 'CreateAndUpdate', first = 'First', more = '' }: Start): string =>
  `<start>${xml({ object: 'Case', recordTriggerType: event, triggerType: timing })}${more}${to(first)}</start>`;

const flow = (given: Start, parts: string, more: Record<string, string> = {}): string =>
  `<Flow>${xml({ label: 'The flow', processType: 'AutoLaunchedFlow', status: 'Active', ...more })}${start(given)}${parts}</Flow>`;

const flows = (...all: string[]): TestStore =>
  storeWith(Object.fromEntries(all.map((each, at) => [`flows/Flow_${at + 1}.flow`, each])));

const assignment = (name: string, items: [target: string, value: string, operator?: string][], next = ''): string =>
  `<assignments><name>${name}</name>${items
    .map(
      ([target, value, operator = 'Assign']) =>
        `<assignmentItems><assignToReference>${target}</assignToReference><operator>${operator}</operator><value>${value}</value></assignmentItems>`,
    )
    .join('')}${next}</assignments>`;

const filter = (field: string, operator: string, value: string): string =>
  `<filters>${xml({ field, operator, value })}</filters>`;

const values = (given: Record<string, string>): string =>
  Object.entries(given)
    .map(([field, value]) => `<inputAssignments>${xml({ field, value })}</inputAssignments>`)
    .join('');

const update = (name: string, target: string, given: Record<string, string>, next = ''): string =>
  `<recordUpdates><name>${name}</name>${target}${values(given)}${next}</recordUpdates>`;

const RECORD = '<inputReference>$Record</inputReference>';

describe('a flow before the save', () => {
  it('changes the record ahead of the before triggers, without a second save', () => {
    const t = flows(flow({}, assignment('First', [['$Record.Priority', text('High')]])));
    const [triggers, seen] = noting('Priority');
    const [result] = t.save('insert', 'Case', [{ Priority: 'Low' }], {}, triggers);
    assert.deepEqual(seen, ['before insert High', 'after insert High']);
    assert.equal(t.get('Case', result!.id!, 'Priority'), 'High');
  });

  it('sets the record by an update element too, and validation rules see what it set', () => {
    const t = storeWith({
      'flows/F.flow': flow({}, update('First', RECORD, { Subject: text('for {!$Record.Origin}') })),
      'objects/Case/validationRules/R.validationRule': `<ValidationRule><fullName>R</fullName><active>true</active><errorConditionFormula>Subject = "for Web"</errorConditionFormula><errorMessage>No.</errorMessage></ValidationRule>`,
    });
    assert.equal(t.get('Case', t.insert('Case', { Origin: 'Phone' }), 'Subject'), 'for Phone');
    const [refused] = t.save('insert', 'Case', [{ Origin: 'Web' }]);
    assert.deepEqual(errorsOf(refused), ['FIELD_CUSTOM_VALIDATION_EXCEPTION: No. []']);
  });

  it('decides on fields, prior values, parents, formulas and who saves', () => {
    const outcome = (name: string, conditions: string, next: string, logic = 'and'): string =>
      `<rules><name>${name}</name><conditionLogic>${logic}</conditionLogic>${conditions}${to(next)}</rules>`;
    const condition = (leftValueReference: string, operator: string, rightValue: string): string =>
      `<conditions>${xml({ leftValueReference, operator, rightValue })}</conditions>`;
    const t = flows(
      flow(
        {},
        `<decisions><name>First</name>${to('Other', 'defaultConnector')}${[
          outcome('Was_low', condition('$Record__Prior.Priority', 'EqualTo', text('Low')), 'Low'),
          outcome(
            'Big',
            condition('$Record.Account.NumberOfEmployees', 'GreaterThan', '<numberValue>10</numberValue>'),
            'Big_one',
          ),
          outcome('Long', condition('Length', 'GreaterThanOrEqualTo', '<numberValue>6</numberValue>'), 'Long_one'),
        ].join('')}</decisions>` +
          '<formulas><name>Length</name><dataType>Number</dataType><expression>LEN({!$Record.Subject})</expression><scale>0</scale></formulas>' +
          assignment('Low', [['$Record.Reason', text('was low')]]) +
          assignment('Big_one', [['$Record.Reason', text('big')]]) +
          assignment('Long_one', [['$Record.Reason', text('long')]]) +
          assignment('Other', [['$Record.Reason', of('$User.Alias')]]),
      ),
    );
    const AccountId = t.insert('Account', { Name: 'Acme', NumberOfEmployees: 20 });
    const reason = (id: string): unknown => t.get('Case', id, 'Reason');
    const low = t.insert('Case', { Priority: 'Low', Subject: 'short' });
    assert.equal(reason(low), 'admin');
    t.save('update', 'Case', [{ Id: low, Priority: 'High' }]);
    assert.equal(reason(low), 'was low');
    assert.equal(reason(t.insert('Case', { AccountId })), 'big');
    assert.equal(reason(t.insert('Case', { Subject: 'longer' })), 'long');
  });

  it('starts by its filters, their logic, its formula, and by a change to meet them', () => {
    const firings = (more: string, event = 'CreateAndUpdate'): string => {
      const count = assignment('First', [['$Record.Subject', text('x'), 'Add']]);
      const t = flows(flow({ more, event }, count));
      const id = t.insert('Case', { Priority: 'High', Subject: '-' });
      for (const Priority of ['High', 'Low', 'High']) t.save('update', 'Case', [{ Id: id, Priority }]);
      return String(t.get('Case', id, 'Subject'));
    };
    const high = filter('Priority', 'EqualTo', text('High'));
    const web = filter('Origin', 'EqualTo', text('Web'));
    const changed = '<doesRequireRecordChangedToMeetCriteria>true</doesRequireRecordChangedToMeetCriteria>';
    assert.equal(firings(''), '-xxxx');
    assert.equal(firings('', 'Create'), '-x');
    assert.equal(firings('', 'Update'), '-xxx');
    assert.equal(firings(`<filterLogic>and</filterLogic>${high}`), '-xxx');
    assert.equal(firings(`<filterLogic>and</filterLogic>${high}${web}`), '-');
    assert.equal(firings(`<filterLogic>1 AND NOT(2)</filterLogic>${high}${web}`), '-xxx');
    assert.equal(firings(`<filterLogic>or</filterLogic>${high}${web}${changed}`), '-xx');
    assert.equal(firings('<filterFormula>ISCHANGED({!$Record.Priority})</filterFormula>'), '-xx');
    assert.equal(firings('<filterFormula>ISNEW()</filterFormula>'), '-x');
    assert.equal(
      firings(
        `<filterLogic>and</filterLogic>${filter('Priority', 'IsChanged', '<booleanValue>true</booleanValue>')}`,
        'Update',
      ),
      '-xx',
    );
  });

  it('runs in the order that it was given', () => {
    const add = (letter: string): string => assignment('First', [['$Record.Subject', text(letter), 'Add']]);
    const t = flows(
      flow({}, add('c'), { triggerOrder: '1500' }),
      flow({}, add('b')),
      flow({}, add('a'), { triggerOrder: '7' }),
    );
    assert.equal(t.get('Case', t.insert('Case', { Subject: '-' }), 'Subject'), '-abc');
  });

  it('refuses a record with an error of its own, on a field or not', () => {
    const error = (more: string): string =>
      `<customErrors><name>First</name><customErrorMessages><errorMessage>{!$Record.Subject} is closed.</errorMessage>${more}</customErrorMessages></customErrors>`;
    const refused = (more: string): string[] =>
      errorsOf(flows(flow({}, error(more))).save('insert', 'Case', [{ Subject: 'This' }])[0]);
    assert.deepEqual(refused(''), ['FIELD_CUSTOM_VALIDATION_EXCEPTION: This is closed. []']);
    assert.deepEqual(refused('<fieldSelection>Subject</fieldSelection><isFieldError>true</isFieldError>'), [
      'FIELD_CUSTOM_VALIDATION_EXCEPTION: This is closed. [Subject]',
    ]);
  });
});

describe('a flow after the save', () => {
  it('saves the record once more, with all triggers, and is not started again by that', () => {
    const t = flows(flow({ timing: 'RecordAfterSave' }, update('First', RECORD, { Priority: text('High') })));
    const [triggers, seen] = noting('Priority');
    t.save('insert', 'Case', [{ Priority: 'Low' }], {}, triggers);
    assert.deepEqual(seen, [
      'before insert Low',
      'after insert Low',
      'before update Low -> High',
      'after update Low -> High',
    ]);
  });

  it('comes behind the field updates of workflow rules', () => {
    const t = storeWith({
      'workflows/Case.workflow':
        '<Workflow><fieldUpdates><fullName>U</fullName><name>U</name><field>Reason</field><literalValue>by rule</literalValue><operation>Literal</operation></fieldUpdates><rules><fullName>R</fullName><active>true</active><formula>true</formula><triggerType>onCreateOnly</triggerType><actions><name>U</name><type>FieldUpdate</type></actions></rules></Workflow>',
      'flows/F.flow': flow(
        { timing: 'RecordAfterSave' },
        update('First', RECORD, { Subject: text('saw {!$Record.Reason}') }),
      ),
    });
    assert.equal(t.get('Case', t.insert('Case', {}), 'Subject'), 'saw by rule');
  });

  it('updates related records, finds, creates, deletes and loops; interviews share queries and saves', () => {
    const lookup =
      '<recordLookups><name>First</name><object>Contact</object><filterLogic>and</filterLogic>' +
      `${filter('AccountId', 'EqualTo', of('$Record.AccountId'))}<getFirstRecordOnly>false</getFirstRecordOnly>` +
      `<sortField>LastName</sortField><sortOrder>Asc</sortOrder>${to('Each')}</recordLookups>`;
    const loop = `<loops><name>Each</name><collectionReference>First</collectionReference><iterationOrder>Asc</iterationOrder>${to('Note', 'nextValueConnector')}${to('Parent', 'noMoreValuesConnector')}</loops>`;
    const note = assignment('Note', [['Names', of('Each.LastName'), 'Add']], to('Each'));
    const variable =
      '<variables><name>Names</name><dataType>String</dataType><isCollection>false</isCollection></variables>';
    const parent = update(
      'Parent',
      `<object>Account</object>${filter('Id', 'EqualTo', of('$Record.AccountId'))}`,
      { Site: of('Names') },
      to('Task_for_it'),
    );
    const create = `<recordCreates><name>Task_for_it</name><object>Task</object>${values({ Subject: text('Call {!Names}'), WhatId: of('$Record.Id') })}${to('Gone')}</recordCreates>`;
    const remove = `<recordDeletes><name>Gone</name><object>Contact</object>${filter('LastName', 'StartsWith', text('B'))}${filter('AccountId', 'EqualTo', of('$Record.AccountId'))}</recordDeletes>`;
    const t = flows(
      flow({ timing: 'RecordAfterSave', event: 'Create' }, lookup + loop + note + variable + parent + create + remove),
    );
    const charged: string[] = [];
    const triggers = Object.assign(new FakeTriggers(), {
      charge: (limit: string, amount: number) => void charged.push(`${limit} ${amount}`),
    });
    const accounts = ['Acme', 'Bmce'].map((Name) => t.insert('Account', { Name }));
    for (const LastName of ['Bird', 'Ames']) t.insert('Contact', { LastName, AccountId: accounts[0]! });
    const results = t.save(
      'insert',
      'Case',
      accounts.map((AccountId) => ({ AccountId })),
      {},
      triggers,
    );
    assert.deepEqual(results.flatMap(errorsOf), []);
    assert.deepEqual(t.query('SELECT Site FROM Account ORDER BY Name'), [{ Site: 'AmesBird' }, { Site: null }]);
    assert.deepEqual(t.query('SELECT Subject FROM Task ORDER BY Subject'), [
      { Subject: 'Call' },
      { Subject: 'Call AmesBird' },
    ]);
    assert.deepEqual(t.query('SELECT LastName FROM Contact'), [{ LastName: 'Ames' }]);
    assert.deepEqual(
      charged.filter((line) => line.startsWith('Queries') || line.startsWith('DmlStatements')),
      ['Queries 1', 'DmlStatements 1', 'DmlStatements 1', 'DmlStatements 1'],
    );
  });

  it('whose work fails takes its fault path, or fails the record', () => {
    const failing = (fault: string): string =>
      `<recordCreates><name>First</name><object>Contact</object>${values({ FirstName: text('No name') })}${fault}</recordCreates>`;
    const handled = flows(
      flow(
        { timing: 'RecordAfterSave', event: 'Create' },
        failing(to('Told', 'faultConnector')) + update('Told', RECORD, { Description: of('$Flow.FaultMessage') }),
      ),
    );
    assert.match(
      String(handled.get('Case', handled.insert('Case', {}), 'Description')),
      /^This error occurred when the flow tried to create records: REQUIRED_FIELD_MISSING: /,
    );
    const t = flows(flow({ timing: 'RecordAfterSave', event: 'Create' }, failing('')));
    const [refused] = t.save('insert', 'Case', [{}]);
    assert.match(
      errorsOf(refused)[0]!,
      /^CANNOT_EXECUTE_FLOW_TRIGGER: We can't save this record because the “The flow” process failed\. .*REQUIRED_FIELD_MISSING/,
    );
    assert.deepEqual(t.query('SELECT Id FROM Case'), []);
  });
});

describe('a flow that is loaded', () => {
  const problem = (...all: string[]): string => {
    try {
      const { store } = flows(...all);
      return (store as LocalStore).unsupported.map((each) => `unsupported: ${each.problem}`).join('\n');
    } catch (error) {
      return (error as Error).message.replace(/^\S+: /, '');
    }
  };

  it('is refused for what is not there', () => {
    assert.equal(problem(flow({ first: 'Ghost' }, '')), 'a connector leads to Ghost, which is not there');
    assert.equal(
      problem(flow({}, assignment('First', [['$Record.Ghost__c', text('x')]]))),
      'Case has no field Ghost__c',
    );
    assert.equal(
      problem(flow({}, assignment('First', [['$Record.Subject', of('ghost')]]))),
      'reads ghost, which the flow does not have or the local org does not support',
    );
    assert.equal(
      problem(flow({}, `<recordDeletes><name>First</name><object>Contact</object></recordDeletes>`)),
      'the element First (recordDeletes): a flow that runs before the save writes no other records',
    );
  });

  it('reads the parts of an address, not all of it', () => {
    const t = flows(
      flow(
        {},
        assignment('First', [['$Record.Subject', of('$Record.Account.BillingCity')]], to('Second')) +
          assignment('Second', [['$Record.Reason', of('$Record.Account.BillingAddress')]]),
      ),
    );
    const AccountId = t.insert('Account', { Name: 'A', BillingCity: 'Cali' });
    const [result] = t.save('insert', 'Case', [{ AccountId }], { allOrNone: false });
    assert.match(result!.errors[0]!.message, /flows of the local org read the parts of BillingAddress, not all of it/);
  });

  it('and uses what the local org does not have is told by the name of the element, and does not run', () => {
    const call = '<actionCalls><name>Mail</name><actionName>emailSimple</actionName></actionCalls>';
    const t = flows(flow({ first: 'Mail' }, call));
    assert.deepEqual(
      (t.store as LocalStore).unsupported.map((each) => each.problem),
      ['the element Mail (actionCalls) is not supported by the local org: the flow does not run here'],
    );
    t.insert('Case', {});
    assert.equal(
      problem('<Flow><label>S</label><processType>Flow</processType><status>Active</status></Flow>'),
      'unsupported: a flow of type Flow with the trigger none is not supported by the local org: the flow does not run here',
    );
    assert.match(
      problem(
        flow(
          { more: '<scheduledPaths><pathType>AsyncAfterCommit</pathType></scheduledPaths>' },
          assignment('First', []),
        ),
      ),
      /a path that runs later/,
    );
  });

  it('and is not active does nothing, and nobody is told of what it uses', () => {
    const draft = flow({}, assignment('First', [['$Record.Priority', text('High')]]), { status: 'Draft' });
    const t = flows(draft, '<Flow><label>S</label><processType>Flow</processType><status>Draft</status></Flow>');
    assert.equal(t.get('Case', t.insert('Case', { Priority: 'Low' }), 'Priority'), 'Low');
    assert.deepEqual((t.store as LocalStore).unsupported, []);
  });
});
