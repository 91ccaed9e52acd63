/** The automation of an org as its APIs list it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { orgWith, request, run, type Fixture } from '../../runtime/org-fixture.ts';

const flow = (status: string): string =>
  `<Flow xmlns="http://soap.sforce.com/2006/04/metadata"><label>Set back</label><processType>AutoLaunchedFlow</processType><status>${status}</status><start><object>Case</object><recordTriggerType>Update</recordTriggerType><triggerType>RecordBeforeSave</triggerType></start></Flow>`;

describe('the rules of an org', () => {
  let fixture: Fixture;
  before(
    () =>
      (fixture = orgWith({
        'objects/Case/validationRules/Closed.validationRule-meta.xml':
          '<ValidationRule xmlns="http://soap.sforce.com/2006/04/metadata"><fullName>Closed</fullName><active>true</active><description>why</description><errorConditionFormula>IsClosed</errorConditionFormula><errorDisplayField>Subject</errorDisplayField><errorMessage>Closed.</errorMessage></ValidationRule>',
        'objects/Case/validationRules/Off.validationRule-meta.xml':
          '<ValidationRule xmlns="http://soap.sforce.com/2006/04/metadata"><fullName>Off</fullName><active>false</active><errorConditionFormula>false</errorConditionFormula><errorMessage>-</errorMessage></ValidationRule>',
        'workflows/Case.workflow-meta.xml':
          '<Workflow xmlns="http://soap.sforce.com/2006/04/metadata"><rules><fullName>Notes</fullName><active>true</active><formula>true</formula><triggerType>onAllChanges</triggerType></rules></Workflow>',
        'flows/Set_back.flow-meta.xml': flow('Active'),
        'flows/Draft.flow-meta.xml': flow('Draft'),
        'T.trigger': 'trigger T on Case (before insert, after update) {}',
      })),
  );
  after(() => fixture.close());

  const answer = (resource: string, soql: string) =>
    request(fixture, 'GET', `/${resource}?q=${encodeURIComponent(soql)}`);
  const tooling = async (soql: string): Promise<Record<string, unknown>[]> => {
    const { status, body } = await answer('tooling/query', soql);
    assert.equal(status, 200, JSON.stringify(body));
    return body.records.map(({ attributes: _, ...record }: Record<string, unknown>) => record);
  };

  test('definitions of objects, by which rules name them', async () => {
    assert.deepEqual(
      await tooling(
        "SELECT DurableId, QualifiedApiName, KeyPrefix, IsCustomSetting FROM EntityDefinition WHERE QualifiedApiName = 'Case'",
      ),
      [{ DurableId: 'Case', QualifiedApiName: 'Case', KeyPrefix: '500', IsCustomSetting: false }],
    );
    assert.deepEqual(await tooling("SELECT DurableId FROM EntityDefinition WHERE QualifiedApiName = 'Nope__c'"), []);
  });

  test('validation rules, with their metadata one at a time', async () => {
    assert.deepEqual(
      await tooling(
        'SELECT ValidationName, Active, EntityDefinitionId, ErrorMessage FROM ValidationRule ORDER BY ValidationName',
      ),
      [
        { ValidationName: 'Closed', Active: true, EntityDefinitionId: 'Case', ErrorMessage: 'Closed.' },
        { ValidationName: 'Off', Active: false, EntityDefinitionId: 'Case', ErrorMessage: '-' },
      ],
    );
    assert.deepEqual(await tooling("SELECT Metadata FROM ValidationRule WHERE ValidationName = 'Closed'"), [
      {
        Metadata: {
          active: true,
          description: 'why',
          errorConditionFormula: 'IsClosed',
          errorDisplayField: 'Subject',
          errorMessage: 'Closed.',
        },
      },
    ]);
    const { status, body } = await answer('tooling/query', 'SELECT Metadata FROM ValidationRule');
    assert.deepEqual([status, body[0].errorCode], [400, 'MALFORMED_QUERY']);
  });

  test('workflow rules, flows and triggers', async () => {
    assert.deepEqual(await tooling('SELECT Name, TableEnumOrId FROM WorkflowRule'), [
      { Name: 'Notes', TableEnumOrId: 'Case' },
    ]);
    assert.deepEqual(await tooling("SELECT MasterLabel, VersionNumber FROM Flow WHERE Status = 'Active'"), [
      { MasterLabel: 'Set back', VersionNumber: 1 },
    ]);
    assert.deepEqual(
      await tooling(
        'SELECT Name, TableEnumOrId, UsageBeforeInsert, UsageAfterInsert, UsageAfterUpdate FROM ApexTrigger',
      ),
      [{ Name: 'T', TableEnumOrId: 'Case', UsageBeforeInsert: true, UsageAfterInsert: false, UsageAfterUpdate: true }],
    );
  });

  test('flows are there for Apex and the data API too; the rest is for the Tooling API alone', async () => {
    assert.deepEqual(
      run(
        fixture,
        'for (FlowDefinitionView f : [SELECT ApiName, IsActive, TriggerType, RecordTriggerType, TriggerObjectOrEventLabel FROM FlowDefinitionView ORDER BY ApiName]) System.debug(f.ApiName + f.IsActive + f.TriggerType + f.RecordTriggerType + f.TriggerObjectOrEventLabel);',
      ),
      ['DraftfalseRecordBeforeSaveUpdateCase', 'Set_backtrueRecordBeforeSaveUpdateCase'],
    );
    const { status, body } = await answer('query', 'SELECT Id FROM ValidationRule');
    assert.deepEqual([status, body[0].errorCode], [400, 'INVALID_TYPE']);
    const { body: all } = await request(fixture, 'GET', '/sobjects');
    assert.ok(!all.sobjects.some(({ name }: { name: string }) => name === 'ValidationRule'));
  });
});
