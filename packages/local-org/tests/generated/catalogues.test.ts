import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { CatalogueMethod, CatalogueType } from '../../src/compiler/types.ts';
import type { StandardObject } from '../../catalogues/objects.ts';

function load<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(`../../src/${path}`, import.meta.url), 'utf8')) as T;
}

const catalogue = load<{ $generated: string; types: Record<string, CatalogueType> }>('compiler/generated/type-catalogue.json');
const standard = load<{ $generated: string; objects: Record<string, StandardObject> }>('store/generated/standard-objects.json');

function type(name: string): CatalogueType {
  const found = catalogue.types[name.toLowerCase()];
  assert.ok(found, `${name} is in the catalogue`);
  return found;
}

function signatures(name: string, method: string): string[] {
  const show = (m: CatalogueMethod): string => `${m.static ? 'static ' : ''}${m.returns} (${m.parameters.map((p) => p.type).join(', ')})`;
  return (type(name).methods ?? []).filter((m) => m.name === method).map(show);
}

function object(name: string): StandardObject {
  const found = standard.objects[name];
  assert.ok(found, `${name} is a standard object`);
  return found;
}

describe('type catalogue', () => {
  test('says that it is generated', () => assert.match(catalogue.$generated, /generate-catalogues/));

  test('has the types a program needs', () => {
    const names = `Object List Set Map Iterable Iterator String Id Integer Long Decimal Double Boolean Date Datetime Time Blob SObject
      Exception DmlException QueryException NullPointerException CalloutException MathException ListException TypeException
      JSONException LimitException SObjectException AuraHandledException NoAccessException SecurityException AsyncException
      FinalException StringException InvalidParameterValueException IllegalArgumentException UnexpectedException
      Trigger TriggerOperation Database Database.SaveResult Database.UpsertResult Database.DeleteResult Database.UndeleteResult
      Database.MergeResult Database.Error Database.DMLOptions Database.DMLOptions.EmailHeader Database.QueryLocator
      Database.Batchable Database.BatchableContext Database.Stateful Database.AllowsCallouts Database.RaisesPlatformEvents
      Schema Schema.SObjectType Schema.SObjectField Schema.DescribeSObjectResult Schema.DescribeFieldResult Schema.PicklistEntry
      Schema.ChildRelationship Schema.RecordTypeInfo Schema.DisplayType Schema.SoapType Schema.FieldSet
      RestContext RestRequest RestResponse Http HttpRequest HttpResponse HttpCalloutMock StaticResourceCalloutMock
      JSON JSONGenerator JSONParser JSONToken Assert UUID Test Limits OrgLimits OrgLimit UserInfo EncodingUtil Crypto Url PageReference
      EventBus EventBus.TestBroker EventBus.TriggerContext EventBus.RetryableException EventBus.ChangeEventHeader
      Queueable QueueableContext Finalizer FinalizerContext ParentJobResult AsyncOptions AsyncInfo Schedulable SchedulableContext
      AccessLevel AccessType Security SObjectAccessDecision Type Comparable Comparator Callable StubProvider
      FormulaEval.FormulaBuilder FormulaEval.FormulaInstance System LoggingLevel Math Matcher Pattern RoundingMode Quiddity Request
      FeatureManagement Approval Messaging Messaging.SingleEmailMessage Messaging.CustomNotification Cache.Org Dom.Document
      Auth.JWT ApexPages Savepoint StatusCode TimeZone Version AggregateResult Cookie SelectOption InstallHandler Collator`;
    const missing = names.split(/\s+/).filter((name) => catalogue.types[name.toLowerCase()] === undefined);
    assert.deepEqual(missing, []);
  });

  test('keeps generic signatures', () => {
    assert.deepEqual(type('Map').typeParameters, ['K', 'V']);
    assert.deepEqual(type('List').interfaces, ['Iterable<T>']);
    assert.deepEqual(signatures('Map', 'keySet'), ['Set<K> ()']);
    assert.deepEqual(signatures('List', 'get'), ['T (Integer)']);
    assert.ok(signatures('Schema', 'getGlobalDescribe').includes('static Map<String,Schema.SObjectType> ()'));
    assert.deepEqual(type('Trigger').fields?.find((field) => field.name === 'newMap'), { name: 'newMap', static: true, type: 'Map<Id,SObject>' });
  });

  test('drops System and the escapes of Java from names', () => {
    assert.deepEqual(signatures('String', 'toLowerCase'), ['String ()', 'String (String)']);
    assert.ok(signatures('SObject', 'clone').includes('SObject (Boolean)'));
    assert.deepEqual(signatures('JSON', 'deserialize'), ['static Object (String, Type)']);
    assert.deepEqual(signatures('SObject', 'getSObjects'), ['List<SObject> (Schema.SObjectField)', 'List<SObject> (String)']);
    for (const [key, entry] of Object.entries(catalogue.types)) assert.equal(entry.name.toLowerCase(), key);
    assert.doesNotMatch(JSON.stringify(catalogue.types), /\$|java\/|apexdevtools|"System\./);
  });

  test('has the constants of enums in order and no constructors where Apex has none', () => {
    assert.deepEqual(type('TriggerOperation').kind, 'enum');
    assert.equal(type('TriggerOperation').values?.[0], 'BEFORE_INSERT');
    assert.equal(type('LoggingLevel').values?.at(-1), 'ERROR');
    assert.ok(type('RoundingMode').values?.includes('HALF_UP'));
    for (const name of ['Assert', 'Database', 'Id', 'UUID', 'SObject']) assert.equal(type(name).constructors, undefined, name);
    assert.deepEqual(type('CalloutException').superclass, 'Exception');
  });

  test('has the overlay applied', () => {
    assert.deepEqual(signatures('Database', 'executeBatch'), ['static Id (Object)', 'static Id (Object, Integer)']);
    assert.deepEqual(signatures('System', 'debug'), ['static void (Object)', 'static void (LoggingLevel, Object)']);
    assert.deepEqual(signatures('Object', 'hashCode'), ['Integer ()']);
  });
});

describe('standard objects', () => {
  test('say that they are generated and stay small', () => {
    assert.match(standard.$generated, /generate-catalogues/);
    for (const entry of Object.values(standard.objects)) assert.ok(Object.keys(entry.fields).length < 80, entry.name);
  });

  test('all have an Id, and all lookups a target in the catalogue', () => {
    for (const entry of Object.values(standard.objects)) {
      assert.equal(entry.fields['Id']?.type, 'id', entry.name);
      for (const field of Object.values(entry.fields)) {
        for (const target of field.referenceTo ?? []) assert.ok(standard.objects[target], `${entry.name}.${field.name} -> ${target}`);
        if (field.type === 'reference') assert.notEqual(field.referenceTo?.length, 0, `${entry.name}.${field.name}`);
      }
    }
  });

  test('have distinct key prefixes of three characters', () => {
    const prefixes = Object.values(standard.objects).map((entry) => entry.keyPrefix).filter((prefix) => prefix !== null);
    assert.equal(new Set(prefixes).size, prefixes.length);
    for (const prefix of prefixes) assert.match(prefix, /^[0-9A-Za-z]{3}$/);
    assert.equal(object('Account').keyPrefix, '001');
    assert.equal(object('Case').keyPrefix, '500');
    assert.equal(object('User').keyPrefix, '005');
    assert.equal(object('AsyncApexJob').keyPrefix, '707');
  });

  test('child relationships of one parent have distinct names', () => {
    const seen = new Map<string, string>();
    for (const entry of Object.values(standard.objects)) {
      for (const field of Object.values(entry.fields).filter((f) => f.childRelationshipName !== undefined)) {
        for (const target of field.referenceTo ?? []) {
          const key = `${target}.${field.childRelationshipName}`;
          assert.equal(seen.get(key), undefined, `${key}: ${entry.name}.${field.name}`);
          seen.set(key, entry.name);
        }
      }
    }
  });

  test('Case is as its describe says', () => {
    const { fields } = object('Case');
    assert.equal(fields['Subject']?.length, 255);
    assert.deepEqual([fields['Description']?.type, fields['Description']?.length], ['textarea', 32000]);
    assert.deepEqual([fields['SuppliedEmail']?.type, fields['SuppliedEmail']?.length], ['email', 80]);
    assert.equal(fields['SuppliedPhone']?.length, 40);
    assert.deepEqual(fields['CaseNumber']?.autoNumber, { format: '{00000000}' });
    assert.deepEqual(fields['Status']?.picklist?.map((entry) => entry.value), ['New', 'Working', 'Escalated', 'Closed']);
    assert.equal(fields['Priority']?.picklist?.find((entry) => entry.default)?.value, 'Medium');
    assert.deepEqual(fields['OwnerId']?.referenceTo, ['Group', 'User']);
    assert.equal(fields['ContactId']?.childRelationshipName, 'Cases');
    assert.equal(fields['IsClosed']?.updateable, false);
  });

  test('required and name fields', () => {
    assert.deepEqual([object('Account').fields['Name']?.required, object('Account').fields['Name']?.nameField], [true, true]);
    assert.deepEqual([object('Contact').fields['LastName']?.required, object('Contact').fields['LastName']?.length], [true, 80]);
    assert.equal(object('Contact').fields['Name']?.createable, false);
    assert.equal(object('User').fields['IsDeleted'], undefined);
    assert.equal(object('CronTrigger').fields['CronJobDetailId']?.relationshipName, 'CronJobDetail');
    assert.equal(object('Account').fields['ParentId']?.childRelationshipName, 'ChildAccounts');
  });
});
