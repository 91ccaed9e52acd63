import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ApexEnum,
  ApexList,
  ApexType,
  SObject,
  SObjectFieldToken,
  SObjectTypeToken,
  toApexString,
} from '../../../src/platform/values/index.ts';
import { throwsApex } from './apex-error.ts';
import { fakeRuntime, methods, statics } from './fake-runtime.ts';

const $ = fakeRuntime({
  services: {
    may: {
      object: (_, right) => right !== 'delete',
      field: (_, field, right) => field !== 'Status' && (right === 'read' || field !== 'Subject'),
      custom: () => false,
    },
  },
});
const describeOf = (object: string): unknown =>
  methods('Schema.SObjectType', $).getDescribe!(new SObjectTypeToken(object)) as unknown;
const O = methods('Schema.DescribeSObjectResult', $);
const F = methods('Schema.DescribeFieldResult', $);
const field = (name: string): unknown =>
  methods('Schema.SObjectField', $).getDescribe!(new SObjectFieldToken('Case', name)) as unknown;

describe('objects', () => {
  test('describe themselves', () => {
    const found = describeOf('Case');
    const values = ['getName', 'getLabel', 'getKeyPrefix', 'isCustom', 'isAccessible', 'isDeletable'].map(
      (name) => O[name]!(found) as unknown,
    );
    assert.deepEqual(values, ['Case', 'Case', '500', false, true, false]);
    assert.equal($.std['schema.describesobjectresult']!.p!['name']!.get(found), 'Case');
  });

  test('are found without regard to case', () => {
    const all = statics('Schema', $).getGlobalDescribe!();
    assert.equal(toApexString(all.get('CASE')), 'Case');
    assert.ok(all.has('account'));
    assert.equal(statics('Schema', $).describeSObjects!(new ApexList('String', ['case'])).size, 1);
    throwsApex(
      () => statics('Schema', $).describeSObjects!(new ApexList('String', ['nope'])),
      'InvalidParameterValueException',
      'Invalid sobject name: nope',
    );
  });

  test('know their children and fields', () => {
    const child = O.getChildRelationships!(describeOf('Account')).get(0) as unknown;
    const C = methods('Schema.ChildRelationship', $);
    assert.deepEqual(
      [C.getRelationshipName!(child), toApexString(C.getChildSObject!(child)), toApexString(C.getField!(child))],
      ['Cases', 'Case', 'AccountId'],
    );
    const fields = methods('Schema.SObjectTypeFields', $).getMap!(O.getFields!(describeOf('Case')));
    assert.equal(toApexString(fields.get('SUBJECT')), 'Subject');
  });

  test('have a master record type', () => {
    const infos = O.getRecordTypeInfosByDeveloperName!(describeOf('Case'));
    assert.equal(methods('Schema.RecordTypeInfo', $).isMaster!(infos.get('Master')), true);
  });

  test('make records', () => {
    const T = methods('Schema.SObjectType', $);
    assert.equal(
      toApexString(T.newSObject!(new SObjectTypeToken('Case'), '500000000000001')),
      'Case:{Id=500000000000001AAA}',
    );
    assert.equal(toApexString(T.newSObject!(new SObjectTypeToken('Case'), null, true)), 'Case:{Status=New}');
  });
});

describe('fields', () => {
  const cases: [string, string, unknown][] = [
    ['Subject', 'getLength', 255],
    ['Subject', 'isNillable', true],
    ['Subject', 'isUpdateable', false],
    ['Status', 'isAccessible', false],
    ['Latitude__c', 'getPrecision', 9],
    ['Latitude__c', 'getScale', 6],
    ['Latitude__c', 'isGroupable', false],
    ['AccountId', 'getRelationshipName', 'Account'],
    ['CaseNumber', 'isAutoNumber', true],
    ['IsEscalated', 'isDefaultedOnCreate', true],
    ['Reported_At__c', 'isCustom', true],
  ];
  for (const [name, method, expected] of cases)
    test(`${name}.${method}()`, () => assert.equal(F[method]!(field(name)), expected));

  test('tell their types', () => {
    const types = ['Subject', 'Status', 'Latitude__c', 'AccountId', 'Reported_At__c'].map(
      (name) => `${toApexString(F.getType!(field(name)))} ${toApexString(F.getSoapType!(field(name)))}`,
    );
    assert.deepEqual(types, ['STRING STRING', 'PICKLIST STRING', 'DOUBLE DOUBLE', 'REFERENCE ID', 'DATETIME DATETIME']);
    assert.equal(toApexString(F.getReferenceTo!(field('AccountId'))), '(Account)');
  });

  test('list their active picklist entries', () => {
    const entries = F.getPicklistValues!(field('Status')) as ApexList;
    const E = methods('Schema.PicklistEntry', $);
    assert.deepEqual(
      entries.items.map((entry) => [E.getValue!(entry), E.getLabel!(entry), E.isDefaultValue!(entry)] as unknown),
      [
        ['New', 'Neu', true],
        ['Closed', 'Closed', false],
      ],
    );
  });
});

describe('stripInaccessible', () => {
  const access = (name: string): ApexEnum => new ApexEnum('AccessType', name, 0);
  const D = methods('SObjectAccessDecision', $);
  const strip = (name: string, records: SObject[], runtime = $): unknown =>
    statics('Security', runtime).stripInaccessible!(access(name), new ApexList('Case', records)) as unknown;
  const record = (): SObject =>
    new SObject('Case', { Id: '500000000000001AAA', Subject: 'x', Status: 'New', IsEscalated: true });

  test('takes out what may not be read', () => {
    const parent = new SObject('Account', { Name: 'A' });
    const original = record();
    original.putParent('Account', parent);
    const decision = strip('READABLE', [original, new SObject('Case', { Subject: 'y' })]);
    assert.equal(
      toApexString(D.getRecords!(decision).get(0)),
      'Case:{Id=500000000000001AAA, Subject=x, IsEscalated=true, Account=Account:{Name=A}}',
    );
    assert.equal(toApexString(D.getRemovedFields!(decision)), '{Case={Status}}');
    assert.equal(toApexString(D.getModifiedIndexes!(decision)), '{0}');
    assert.equal(original.get('Status'), 'New');
  });

  test('takes out what may not be written', () => {
    assert.equal(
      toApexString(D.getRecords!(strip('UPDATABLE', [record()])).get(0)),
      'Case:{Id=500000000000001AAA, IsEscalated=true}',
    );
  });

  test('refuses objects the user has no access to', () => {
    const none = fakeRuntime({ services: { may: { object: () => false, field: () => true, custom: () => false } } });
    throwsApex(() => strip('CREATABLE', [record()], none), 'NoAccessException', 'No access to entity: Case');
  });
});

test('types are found and made by name', () => {
  const runtime = fakeRuntime({
    services: {
      typeForName: (namespace, name) => (name === 'Foo' && !namespace ? 'Foo' : null),
      instantiate: (ref) => `new ${ref}`,
      isSubtype: (sub, base) => sub === base,
    },
  });
  const T = statics('Type', runtime);
  const t = methods('Type', runtime);
  assert.equal(t.getName!(T.forName!('Foo')), 'Foo');
  assert.deepEqual([T.forName!('Bar'), T.forName!(null), T.forName!('ns', 'Foo')], [null, null, null]);
  assert.equal(T.forName!('', 'Foo').ref, 'Foo');
  assert.equal(t.newInstance!(new ApexType('Foo')), 'new Foo');
  assert.equal(t.equals!(new ApexType('Foo'), new ApexType('foo')), true);
  assert.equal(t.isAssignableFrom!(new ApexType('Foo'), new ApexType('Foo')), true);
});
