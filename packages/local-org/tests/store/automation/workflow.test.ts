import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LocalStore } from '../../../src/store/local-store.ts';
import { errorsOf } from '../open.ts';
import { criterion, formulaUpdate, literalUpdate, noting, rule, storeWith } from './support.ts';

const workflow = (...parts: string[]): Record<string, string> => ({
  'workflows/Case.workflow': `<Workflow>${parts.join('')}</Workflow>`,
});

/** A rule that sets the priority of every Case back to High. */
const SET_BACK = [
  literalUpdate('Back', 'Priority', 'High'),
  rule('Set back', 'onAllChanges', criterion('Case.Priority', 'notEqual', 'High'), ['Back']),
];

describe('a workflow field update', () => {
  it('is written, and fires update triggers once more with the state before the first update as the old one', () => {
    const t = storeWith(workflow(...SET_BACK));
    const id = t.insert('Case', { Priority: 'High' });
    const [triggers, seen] = noting('Priority');
    t.save('update', 'Case', [{ Id: id, Priority: 'Low' }], {}, triggers);
    assert.deepEqual(seen, [
      'before update High -> Low',
      'after update High -> Low',
      'before update High -> High',
      'after update High -> High',
    ]);
    assert.equal(t.get('Case', id, 'Priority'), 'High');
  });

  it('fires update triggers after an insert too, on the record as it was inserted', () => {
    const t = storeWith(workflow(...SET_BACK));
    const [triggers, seen] = noting('Priority');
    t.save('insert', 'Case', [{ Priority: 'Low' }], {}, triggers);
    assert.deepEqual(seen, [
      'before insert Low',
      'after insert Low',
      'before update Low -> High',
      'after update Low -> High',
    ]);
  });

  it('runs no validation rule again, but system checks', () => {
    const refuse = {
      'objects/Case/validationRules/No_High.validationRule': `<ValidationRule><fullName>No_High</fullName><active>true</active><errorConditionFormula>ISPICKVAL(Priority, "High")</errorConditionFormula><errorMessage>No.</errorMessage></ValidationRule>`,
    };
    const t = storeWith({ ...workflow(...SET_BACK), ...refuse });
    assert.equal(t.get('Case', t.insert('Case', { Priority: 'Low' }), 'Priority'), 'High');

    const long = storeWith(
      workflow(
        formulaUpdate('Long', 'Subject', 'LPAD("", 300, "x")'),
        rule('Too long', 'onAllChanges', 'true', ['Long']),
      ),
    );
    const [result] = long.save('insert', 'Case', [{}]);
    assert.match(errorsOf(result)[0]!, /^STRING_TOO_LONG/);
  });

  it('that sets what is there already updates nothing', () => {
    const t = storeWith(
      workflow(literalUpdate('Back', 'Priority', 'High'), rule('R', 'onAllChanges', 'true', ['Back'])),
    );
    const [triggers, seen] = noting('Priority');
    t.save('insert', 'Case', [{ Priority: 'High' }], {}, triggers);
    assert.deepEqual(seen, ['before insert High', 'after insert High']);
  });

  it('takes literals, formulas, nothing, neighbours in the picklist and owners by name', () => {
    const t = storeWith({
      'queues/Desk.queue':
        '<Queue><name>Desk</name><queueSobject><sobjectType>Case</sobjectType></queueSobject></Queue>',
      ...workflow(
        literalUpdate('Escalate', 'IsEscalated', '1'),
        formulaUpdate('Text', 'Subject', 'Subject &amp; "!"'),
        '<fieldUpdates><fullName>Clear</fullName><name>Clear</name><field>Reason</field><operation>Null</operation></fieldUpdates>',
        '<fieldUpdates><fullName>Next</fullName><name>Next</name><field>Status</field><operation>NextValue</operation></fieldUpdates>',
        '<fieldUpdates><fullName>Owner</fullName><name>Owner</name><field>OwnerId</field><lookupValue>Desk</lookupValue><lookupValueType>Queue</lookupValueType><operation>LookupValue</operation></fieldUpdates>',
        rule('All', 'onCreateOnly', 'true', ['Escalate', 'Text', 'Clear', 'Next', 'Owner']),
      ),
    });
    const id = t.insert('Case', { Subject: 'Help', Reason: 'Other' });
    assert.deepEqual(
      t.query('SELECT IsEscalated, Subject, Reason, Status, Owner.Name FROM Case WHERE Id = :id', { id }),
      [{ IsEscalated: true, Subject: 'Help!', Reason: null, Status: 'Working', Owner: { Name: 'Desk' } }],
    );
  });

  it('of a record that an after trigger saved again counts for the value stored last', () => {
    const t = storeWith(workflow(...SET_BACK));
    const id = t.insert('Case', { Priority: 'High' });
    let nested = false;
    const [triggers, seen] = noting('Priority', (call) => {
      if (call.timing !== 'after' || nested) return;
      nested = true;
      t.store.save(
        {
          operation: 'update',
          rows: [{ object: 'Case', id, values: new Map([['Priority', 'Medium']]) }],
          allOrNone: true,
          access: t.admin,
        },
        triggers,
      );
    });
    t.save('update', 'Case', [{ Id: id, Priority: 'Low' }], {}, triggers);
    // The save within the save skips workflow: rules run once, behind the outer after triggers.
    assert.deepEqual(seen, [
      'before update High -> Low',
      'after update High -> Low',
      'before update Low -> Medium',
      'after update Low -> Medium',
      'before update High -> High',
      'after update High -> High',
    ]);
  });

  it('refused by a trigger fails the record alone', () => {
    const t = storeWith(workflow(...SET_BACK));
    const [triggers] = noting('Priority', (call) =>
      call.operation === 'update'
        ? call.newRows!.map((row) =>
            row.values.get('Subject') === 'bad'
              ? [{ code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'No.', fields: [] }]
              : [],
          )
        : undefined,
    );
    const results = t.save(
      'insert',
      'Case',
      [
        { Subject: 'bad', Priority: 'Low' },
        { Subject: 'good', Priority: 'Low' },
      ],
      { allOrNone: false },
      triggers,
    );
    assert.deepEqual(results.map(errorsOf), [['FIELD_CUSTOM_VALIDATION_EXCEPTION: No. []'], []]);
    assert.deepEqual(t.query('SELECT Subject, Priority FROM Case'), [{ Subject: 'good', Priority: 'High' }]);
  });
});

describe('a workflow rule', () => {
  /** How often the rule fires over an insert and three updates, the second of which makes the criteria true again. */
  const firings = (triggerType: string): string[] => {
    const t = storeWith(
      workflow(
        formulaUpdate('Count', 'Subject', 'Subject &amp; "x"'),
        rule('R', triggerType, criterion('Case.Priority', 'equals', 'high'), ['Count']),
      ),
    );
    const id = t.insert('Case', { Priority: 'High', Subject: '-' });
    const after = [t.get('Case', id, 'Subject')];
    for (const Priority of ['Low', 'High', 'High']) {
      t.save('update', 'Case', [{ Id: id, Priority }]);
      after.push(t.get('Case', id, 'Subject'));
    }
    return after.map(String);
  };

  it('fires when a record is created, created or edited, or comes to meet its criteria', () => {
    assert.deepEqual(firings('onCreateOnly'), ['-x', '-x', '-x', '-x']);
    assert.deepEqual(firings('onAllChanges'), ['-x', '-x', '-xx', '-xxx']);
    assert.deepEqual(firings('onCreateOrTriggeringUpdate'), ['-x', '-x', '-xx', '-xx']);
  });

  it('reads prior values in its formula', () => {
    const t = storeWith(
      workflow(
        formulaUpdate('Note', 'Subject', 'TEXT(PRIORVALUE(Priority))'),
        rule('R', 'onAllChanges', 'ISCHANGED(Priority)', ['Note']),
      ),
    );
    const id = t.insert('Case', { Priority: 'Low' });
    t.save('update', 'Case', [{ Id: id, Priority: 'High' }]);
    assert.equal(t.get('Case', id, 'Subject'), 'Low');
  });

  it('compares with lists, with filter logic, with the parent and with who saves', () => {
    const meets = (criteria: string): boolean => {
      const t = storeWith(
        workflow(literalUpdate('Yes', 'Subject', 'yes'), rule('R', 'onAllChanges', criteria, ['Yes'])),
      );
      const AccountId = t.insert('Account', { Name: 'Acme', NumberOfEmployees: 20 });
      return t.get('Case', t.insert('Case', { AccountId, Priority: 'Low', Origin: 'Web' }), 'Subject') === 'yes';
    };
    const low = criterion('Case.Priority', 'equals', 'High,Low');
    const phone = criterion('Case.Origin', 'equals', 'Phone');
    assert.equal(meets(low), true);
    assert.equal(meets(low + phone), false);
    assert.equal(meets(`${low}${phone}<booleanFilter>1 AND NOT 2</booleanFilter>`), true);
    assert.equal(meets(`${low}${phone}<booleanFilter>(1 OR 2) AND 2</booleanFilter>`), false);
    assert.equal(meets(criterion('Account.NumberOfEmployees', 'greaterThan', '10')), true);
    assert.equal(meets(criterion('User.Alias', 'notEqual', 'admin')), false);
    assert.equal(meets(criterion('Case.IsEscalated', 'equals', 'False')), true);
    assert.equal(meets(criterion('Case.CreatedDate', 'lessThan', '1/1/2020')), false);
    assert.equal(meets(criterion('Case.Subject', 'equals', '')), true);
  });

  it('is evaluated again when an update asks for it, each rule once', () => {
    const again = '<reevaluateOnChange>true</reevaluateOnChange>';
    const parts = (more: string): Record<string, string> =>
      workflow(
        literalUpdate('ToMedium', 'Priority', 'Medium', more),
        literalUpdate('ToLow', 'Priority', 'Low', more),
        rule('Medium', 'onAllChanges', criterion('Case.Priority', 'equals', 'High'), ['ToMedium']),
        rule('Low', 'onAllChanges', criterion('Case.Priority', 'equals', 'Medium'), ['ToLow']),
      );
    const once = storeWith(parts(''));
    assert.equal(once.get('Case', once.insert('Case', { Priority: 'High' }), 'Priority'), 'Medium');

    const twice = storeWith(parts(again));
    const [triggers, seen] = noting('Priority');
    twice.save('insert', 'Case', [{ Priority: 'High' }], {}, triggers);
    assert.deepEqual(
      seen.filter((line) => line.startsWith('after')),
      ['after insert High', 'after update High -> Medium', 'after update High -> Low'],
    );
  });

  it('that is not active does nothing', () => {
    const t = storeWith({
      'workflows/Case.workflow': `<Workflow>${SET_BACK.join('').replace('<active>true', '<active>false')}</Workflow>`,
    });
    assert.equal(t.get('Case', t.insert('Case', { Priority: 'Low' }), 'Priority'), 'Low');
  });

  it('is refused by name when it asks for what is not there', () => {
    const problem = (...parts: string[]): string => {
      try {
        storeWith(workflow(...parts));
        return '';
      } catch (error) {
        return (error as Error).message.replace(/^\S+: /, '');
      }
    };
    assert.equal(problem(literalUpdate('U', 'Ghost__c', 'x')), 'field update U: Case has no field Ghost__c');
    assert.equal(problem(rule('R', 'onAllChanges', 'true', ['U'])), 'rule R names no field update U');
    assert.equal(problem(rule('R', 'onFullMoon', 'true', [])), 'rule R: the trigger type onFullMoon is not supported');
    assert.equal(
      problem(
        rule(
          'R',
          'onAllChanges',
          `${criterion('Case.Origin', 'equals', 'Web')}<booleanFilter>1 AND 2</booleanFilter>`,
          [],
        ),
      ),
      'the filter logic "1 AND 2" names condition 2 of 1',
    );
    assert.equal(
      problem(rule('R', 'onAllChanges', criterion('Case.Origin', 'within', '1'), [])),
      'the operation within of criteria is not supported',
    );
  });

  it('tells which of its actions have no effect here', () => {
    const t = storeWith(
      workflow(
        rule('R', 'onAllChanges', 'true', []).replace(
          '</rules>',
          '<actions><name>Mail</name><type>Alert</type></actions></rules>',
        ),
      ),
    );
    assert.deepEqual(
      (t.store as LocalStore).unsupported.map(({ problem }) => problem),
      ['rule R: the action Mail of type Alert has no effect here'],
    );
  });
});
