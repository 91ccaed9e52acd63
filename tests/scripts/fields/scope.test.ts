/** The same words as the class ScopeCondition has (SyncScopeTest): who deploys is told before and after in one way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkScope } from '../../../scripts/fields/scope.ts';
import type { FieldDescription, ScopeRecord } from '../../../scripts/fields/types.ts';

const field = (name: string, type: string, more: Partial<FieldDescription> = {}): FieldDescription => ({
  name,
  type,
  length: 80,
  calculated: false,
  autoNumber: false,
  custom: name.endsWith('__c'),
  permissionable: true,
  createable: true,
  updateable: true,
  picklistValues: [],
  ...more,
});

const FIELDS = [
  field('Origin', 'picklist'),
  field('Status', 'picklist', { permissionable: false }),
  field('Weight__c', 'double', { permissionable: false }),
  field('Since__c', 'date'),
  field('At__c', 'datetime'),
  field('Urgent__c', 'boolean'),
  field('AccountId', 'reference'),
  field('Sum__c', 'double', { calculated: true }),
  field('CreatedDate', 'datetime', { permissionable: false }),
  field('Tags__c', 'multipicklist'),
];

const told = (name: string, operator: string, values: string[] = [], more: Partial<ScopeRecord> = {}): string[] =>
  checkScope(
    {
      records: [],
      scope: [{ field: name, flow: 'cases', operator, values, place: 'Sync_Scope.X.md', ...more }],
      fields: new Map([['Case', new Map(FIELDS.map((each) => [each.name.toLowerCase(), each]))]]),
      recordTypes: new Map([['Case', ['Support', 'Master']]]),
      absent: () => '',
      access: () => null,
    },
    new Map([['cases', 'Case']]),
  ).map(({ place, subject, text }) => `${place}: ${subject} ${text}`);

for (const [name, operator, values] of [
  ['Origin', 'Is One Of', ['Web', 'Phone']],
  ['status', 'Is Not One Of', ['Closed']],
  ['RecordType', 'Is One Of', ['support']],
  ['RecordTypeId', 'Is One Of', ['Master']],
  ['Weight__c', 'At Least', ['1.5']],
  ['Since__c', 'At Most', ['2026-11-21']],
  ['At__c', 'At Least', ['2026-11-21T07:30:00Z']],
  ['Urgent__c', 'Is One Of', ['TRUE']],
  ['AccountId', 'Is Not Empty', []],
] as [string, string, string[]][])
  test(`${name} ${operator} ${values.join(', ')} can be read`, () =>
    assert.deepEqual(told(name, operator, values), []));

for (const [name, operator, values, problem] of [
  ['No_Such__c', 'Is Empty', [], 'is no field of Case; correct Field__c, or deactivate the record'],
  [
    'Sum__c',
    'At Least',
    ['1'],
    'is filled in by Salesforce after the before triggers; use the fields that it is made of',
  ],
  [
    'CreatedDate',
    'Is Empty',
    [],
    'is filled in by Salesforce after the before triggers; use the fields that it is made of',
  ],
  ['Tags__c', 'Is Empty', [], 'is of a type that no condition can be over (multipicklist)'],
  [
    'RecordType',
    'Is One Of',
    ['Complaint'],
    'must be the developer name of a record type of Case, or Master, not "Complaint"; correct Values__c',
  ],
  ['Weight__c', 'Is One Of', ['1', 'many'], 'must be a number such as 12.5, not "many"; correct Values__c'],
  ['Weight__c', 'At Least', ['1', '2'], 'needs one value for At Least, a number such as 12.5; correct Values__c'],
  ['Origin', 'At Least', ['Web'], 'is no number, date or time, so At Least says nothing; choose another operator'],
  ['Origin', 'Is One Of', [], 'has no value; put one a line into Values__c'],
  ['Origin', 'Is Empty', ['Web'], 'has values, and Is Empty takes none; empty Values__c'],
  ['Origin', 'Contains', ['W'], 'has the operator Contains, which does not exist; choose one of the picklist'],
  [
    'AccountId',
    'Is One Of',
    ['001000000000001AAA'],
    'is a lookup, whose ids differ from org to org; use Is Empty, Is Not Empty, or another field',
  ],
] as [string, string, string[], string][])
  test(`${name} ${operator} ${values.join(', ')} ${problem}`, () =>
    assert.deepEqual(told(name, operator, values), [`Sync_Scope.X.md: Case.${name} ${problem}`]));

test('a flow that does not exist is told: the condition limits nothing', () =>
  assert.match(
    told('Origin', 'Is Empty', [], { flow: 'case' })[0]!,
    /does not exist, so it limits nothing; set Flow__c/,
  ));
