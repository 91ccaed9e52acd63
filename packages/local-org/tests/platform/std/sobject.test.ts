import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ApexDate,
  ApexDouble,
  ApexList,
  apexException,
  SObject,
  SObjectFieldToken,
  toApexString,
} from '../../../src/platform/values/index.ts';
import { throwsApex } from './apex-error.ts';
import { fakeRuntime, methods, statics } from './fake-runtime.ts';

const $ = fakeRuntime();
const R = methods('SObject', $);
const record = (): SObject => new SObject('Case', { Subject: 'x' });

describe('dynamic access', () => {
  test('by name, whatever its case, and by token', () => {
    const self = record();
    assert.equal(R.get!(self, 'SUBJECT'), 'x');
    assert.equal(R.put!(self, new SObjectFieldToken('Case', 'Subject'), 'y'), 'x');
    assert.equal(R.get!(self, 'subject'), 'y');
    assert.deepEqual(self.fieldNames(), ['Subject']);
  });

  test('unknown fields are errors', () => {
    throwsApex(() => R.get!(record(), 'Nope'), 'SObjectException', 'Invalid field Nope for Case');
    throwsApex(() => R.put!(record(), 'Nope', 1), 'SObjectException', 'Invalid field Nope for Case');
    throwsApex(() => R.getSObject!(record(), 'Nope'), 'SObjectException', 'Invalid relationship Nope for Case');
  });

  const converted: [string, unknown, string][] = [
    ['Latitude__c', 5, '5'],
    ['Latitude__c', new ApexDouble(1.5), '1.5'],
    ['Reported_At__c', ApexDate.of(2026, 1, 2), '2026-01-02 00:00:00'],
    ['AccountId', '001000000000001', '001000000000001AAA'],
    ['Subject', null, 'null'],
  ];
  for (const [field, value, expected] of converted) {
    test(`put ${field} ${toApexString(value)}`, () => {
      const self = record();
      R.put!(self, field, value);
      assert.equal(toApexString(R.get!(self, field)), expected);
    });
  }
  const refused: [string, unknown, string, string][] = [
    ['Subject', 5, 'SObjectException', 'Illegal assignment from Integer to String'],
    ['IsEscalated', 'true', 'SObjectException', 'Illegal assignment from String to Boolean'],
    ['Latitude__c', '5', 'SObjectException', 'Illegal assignment from String to Decimal'],
    ['AccountId', 'x', 'StringException', 'Invalid id: x'],
  ];
  for (const [field, value, type, message] of refused) {
    test(`put ${field} ${toApexString(value)} is refused`, () =>
      throwsApex(() => R.put!(record(), field, value), type, message));
  }

  test('parents and children', () => {
    const self = record();
    const account = new SObject('Account', { Name: 'A' });
    assert.equal(R.putSObject!(self, 'account', account), null);
    assert.equal(R.getSObject!(self, 'Account'), account);
    assert.equal(R.getSObject!(self, new SObjectFieldToken('Case', 'AccountId')), account);
    account.putChildren('Cases', new ApexList('Case', [self]));
    assert.equal(R.getSObjects!(account, 'cases').get(0), self);
    assert.equal(toApexString(R.getPopulatedFieldsAsMap!(record())), '{Subject=x}');
  });

  test('isSet, clear, clone', () => {
    const self = record();
    assert.deepEqual([R.isSet!(self, 'Subject'), R.isSet!(self, 'Status')], [true, false]);
    const copy = R.clone!(new SObject('Case', { Id: '500000000000001AAA', CaseNumber: '1' }), true, true) as SObject;
    assert.equal(toApexString(copy), 'Case:{Id=500000000000001AAA}');
    assert.deepEqual([R.isClone!(copy), R.getCloneSourceId!(copy)], [true, '500000000000001AAA']);
    R.clear!(self);
    assert.equal(toApexString(self), 'Case:{}');
  });

  test('aliases of aggregates', () => {
    const row = new SObject('AggregateResult');
    row.loaded = true;
    row.load('expr0', 3);
    assert.equal(R.get!(row, 'expr0'), 3);
    throwsApex(() => R.get!(row, 'expr1'), 'SObjectException', 'Invalid field expr1 for AggregateResult');
  });
});

test('errors are collected on the record and its fields', () => {
  const self = record();
  R.addError!(self, 'a');
  R.addError!(self, 'b', false);
  R.addError!(self, 'Subject', 'c');
  R.addError!(self, new SObjectFieldToken('Case', 'Status'), 'd', false);
  R.addError!(self, apexException('MathException', 'e'));
  assert.deepEqual(
    self.errors.map(({ message, field }) => [message, field]),
    [
      ['a', null],
      ['b', null],
      ['c', 'Subject'],
      ['d', 'Status'],
      ['e', null],
    ],
  );
  assert.equal(R.hasErrors!(self), true);
  const error = R.getErrors!(self).get(2) as unknown;
  assert.equal(toApexString(methods('Database.Error', $).getFields!(error)), '(Subject)');
});

describe('custom metadata and settings', () => {
  const rows: Record<string, SObject[]> = {
    Setting__mdt: ['Default', 'Other'].map((name) => new SObject('Setting__mdt', { DeveloperName: name })),
    Control__c: [
      new SObject('Control__c', { SetupOwnerId: '00D000000000001AAA', On__c: false, Name: 'org' }),
      new SObject('Control__c', { SetupOwnerId: '005000000000001AAA', On__c: true }),
    ],
  };
  const S = statics('SObject', fakeRuntime({ services: { setupRecords: (object) => rows[object] ?? [] } }));

  test('by developer name, whatever its case', () => {
    assert.equal(S.getInstance!('setting__mdt', 'default').get('DeveloperName'), 'Default');
    assert.equal(S.getInstance!('Setting__mdt', 'Nope'), null);
    assert.equal(toApexString(S.getAll!('Setting__mdt').keySet()), '{Default, Other}');
  });

  test('hierarchical settings: the user first, then the organisation', () => {
    assert.deepEqual(
      [S.getInstance!('Control__c').get('On__c'), S.getInstance!('Control__c').get('Name')],
      [true, 'org'],
    );
    assert.equal(S.getOrgDefaults!('Control__c').get('On__c'), false);
    assert.equal(S.getValues!('Control__c', '005000000000001AAA').get('On__c'), true);
    assert.equal(S.getValues!('Control__c', '00e000000000001AAA'), null);
  });
});
