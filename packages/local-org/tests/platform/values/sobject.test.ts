import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ApexList, SObject, toApexString } from '../../../src/platform/values/index.ts';
import { throwsApex } from '../std/apex-error.ts';

/** As a query of `SELECT Id, Subject, Status` brings it. */
const queried = (): SObject => {
  const record = new SObject('Case');
  record.loaded = true;
  record.load('Id', '500000000000001AAA');
  record.load('Subject', 'Noise');
  record.load('Status', null);
  return record;
};

const NOT_QUERIED = 'SObject row was retrieved via SOQL without querying the requested field: Case.';

describe('fields', () => {
  test('regard no case and keep the first spelling', () => {
    const record = new SObject('Case', { Subject: 'a' });
    record.put('SUBJECT', 'b');
    assert.deepEqual([record.get('subject'), record.fieldNames()], ['b', ['Subject']]);
  });

  test('that were never set are null on a new record', () => assert.equal(new SObject('Case').get('Subject'), null));

  test('that were not queried are errors on a queried one', () => {
    throwsApex(() => queried().get('Priority'), 'SObjectException', `${NOT_QUERIED}Priority`);
    throwsApex(() => queried().parent('Account'), 'SObjectException', `${NOT_QUERIED}Account`);
    throwsApex(() => queried().childRecords('Comments'), 'SObjectException', `${NOT_QUERIED}Comments`);
  });

  test('can be set on a queried record and are readable then', () => {
    const record = queried();
    record.put('Priority', 'High');
    assert.equal(record.get('priority'), 'High');
  });

  test('of a queried record are populated when they have a value or were set', () => {
    const record = queried();
    record.put('Priority', null);
    assert.deepEqual(
      record.populated().map(([name]) => name),
      ['Id', 'Subject', 'Priority'],
    );
    assert.ok(record.has('Status'));
  });

  test('of a read-only record refuse values', () => {
    const record = queried();
    record.readOnly = true;
    throwsApex(() => record.put('Subject', 'x'), 'FinalException', 'Record is read-only');
  });
});

describe('clone', () => {
  test('leaves out the id and audit fields unless told otherwise', () => {
    const record = queried();
    record.load('CreatedDate', 1);
    const copy = record.clone();
    assert.deepEqual([copy.get('Id'), copy.get('Subject'), copy.get('CreatedDate')], [null, 'Noise', null]);
    assert.deepEqual([copy.isClone, copy.cloneSourceId], [true, record.id]);
    assert.equal(record.clone(true).id, record.id);
    assert.equal(record.clone(false, false, true).get('CreatedDate'), 1);
  });

  test('shares parents unless deep', () => {
    const record = new SObject('Case');
    const account = new SObject('Account', { Name: 'A' });
    record.putParent('Account', account);
    assert.equal(record.clone().parent('account'), account);
    assert.notEqual(record.clone(false, true).parent('account'), account);
  });

  test('still knows what was not queried', () => {
    throwsApex(() => queried().clone().get('Priority'), 'SObjectException', `${NOT_QUERIED}Priority`);
  });

  test('drops auto-numbers', () => {
    const record = new SObject('Case', { CaseNumber: '00000001' });
    assert.equal(record.clone(false, false, false, false, new Set(['casenumber'])).get('CaseNumber'), null);
  });
});

describe('text', () => {
  test('shows the type and the populated fields', () => {
    assert.equal(toApexString(queried()), 'Case:{Id=500000000000001AAA, Subject=Noise}');
    assert.equal(toApexString(new SObject('Case', { Subject: null })), 'Case:{Subject=null}');
  });

  test('of records in a list', () => {
    assert.equal(toApexString(new ApexList('Case', [new SObject('Case')])), '(Case:{})');
  });
});
