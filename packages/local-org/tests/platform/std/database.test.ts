import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DmlOutcome, DmlRequest, QueryOptions } from '../../../src/platform/services.ts';
import { AccessLevelObject } from '../../../src/platform/std/AccessLevel.ts';
import { Bag } from '../../../src/platform/std/shared/bag.ts';
import {
  ApexList,
  ApexMap,
  LocalBinds,
  SObject,
  SObjectFieldToken,
  toApexString,
} from '../../../src/platform/values/index.ts';
import { throwsApex } from './apex-error.ts';
import { fakeRuntime, methods, statics } from './fake-runtime.ts';

const record = (): SObject => new SObject('Case', { Subject: 'x' });
const USER_MODE = new AccessLevelObject('user');
const good: DmlOutcome = { id: '500000000000001AAA', success: true, created: true, errors: [] };
const bad: DmlOutcome = {
  id: null,
  success: false,
  created: false,
  errors: [{ code: 'DUPLICATE_VALUE', message: 'twice', fields: ['Key__c'] }],
};

/** Runs a call of Database and answers the request that reached the org. */
const requested = (call: (D: ReturnType<typeof statics>) => unknown): DmlRequest => {
  let seen: DmlRequest | null = null;
  const dml = (request: DmlRequest): DmlOutcome[] => {
    seen = request;
    return request.records.map(() => good);
  };
  call(statics('Database', fakeRuntime({ services: { dml } })));
  assert.ok(seen);
  return seen;
};

describe('overloads of DML', () => {
  const list = new ApexList('Case', [record()]);
  const cases: [string, (D: ReturnType<typeof statics>) => unknown, Partial<DmlRequest>][] = [
    ['one record', (D) => D.insert!(record()), { operation: 'insert', allOrNone: true }],
    ['a list, partial', (D) => D.insert!(list, false), { allOrNone: false }],
    ['access level alone', (D) => D.update!(list, USER_MODE), { operation: 'update', allOrNone: true, access: 'user' }],
    [
      'partial and access level',
      (D) => D.delete!(list, false, USER_MODE),
      { operation: 'delete', allOrNone: false, access: 'user' },
    ],
    ['an id', (D) => D.delete!('500000000000001AAA'), { records: ['500000000000001AAA'] }],
    ['options default to partial', (D) => D.insert!(list, new Bag('Database.DMLOptions')), { allOrNone: false }],
    [
      'options',
      (D) => D.insert!(list, new Bag('Database.DMLOptions', { OptAllOrNone: true, AllowFieldTruncation: true })),
      { allOrNone: true, allowTruncation: true },
    ],
    [
      'upsert by a field',
      (D) => D.upsert!(list, new SObjectFieldToken('Case', 'Sync_Key__c'), false, USER_MODE),
      { operation: 'upsert', externalIdField: 'Sync_Key__c', allOrNone: false, access: 'user' },
    ],
    ['undelete', (D) => D.undelete!(list, false), { operation: 'undelete', allOrNone: false }],
  ];
  for (const [name, call, expected] of cases) {
    test(name, () => {
      const request = requested(call);
      for (const [key, value] of Object.entries(expected))
        assert.deepEqual(request[key as keyof DmlRequest], value, key);
    });
  }
});

describe('results of DML', () => {
  const D = statics(
    'Database',
    fakeRuntime({ services: { dml: ({ records }) => records.map((_, i) => (i === 0 ? good : bad)) } }),
  );
  test('come one for each record, in order', () => {
    const results = D.insert!(new ApexList('Case', [record(), record()]), false) as ApexList;
    const R = methods('Database.SaveResult');
    assert.equal(results.apexType, 'List<Database.SaveResult>');
    assert.deepEqual(
      results.items.map((result) => [R.getId!(result), R.isSuccess!(result)] as unknown),
      [
        ['500000000000001AAA', true],
        [null, false],
      ],
    );
    const error = (R.getErrors!(results.get(1)) as ApexList).get(0) as unknown;
    const E = methods('Database.Error');
    assert.deepEqual(
      [E.getMessage!(error), E.getStatusCode!(error).name, toApexString(E.getFields!(error))],
      ['twice', 'DUPLICATE_VALUE', '(Key__c)'],
    );
  });
  test('one record, one result', () => {
    const result = D.upsert!(record()) as unknown;
    assert.equal(methods('Database.UpsertResult').isCreated!(result), true);
  });
  test('an empty list asks the org nothing', () => {
    const none = statics('Database', fakeRuntime({ services: { dml: () => assert.fail('no request is due') } }));
    assert.equal(none.insert!(new ApexList('Case')).size, 0);
  });
  test('null is an error', () => {
    throwsApex(() => D.insert!(null), 'NullPointerException', 'Argument cannot be null.');
    throwsApex(() => D.insert!(new ApexList('Case', [null])), 'NullPointerException', 'Argument cannot be null.');
  });
});

describe('queries', () => {
  const seen: [string, QueryOptions][] = [];
  const services = {
    query: (soql: string, options: QueryOptions) => {
      seen.push([soql, options]);
      return new ApexList('Case', [record()]);
    },
    countQuery: (soql: string, options: QueryOptions) => seen.push([soql, options]),
  };
  const $ = fakeRuntime({ services });
  const D = statics('Database', $);

  test('take binds from a map, from local variables, and an access level', () => {
    D.query!('Q1');
    D.queryWithBinds!('Q2', new ApexMap('String', 'Object', [['a', 1]]), USER_MODE);
    D.countQuery!('Q3', USER_MODE);
    D.query!('Q4', new LocalBinds({ b: 2 }));
    assert.deepEqual(seen, [
      ['Q1', {}],
      ['Q2', { access: 'user', binds: { a: 1 } }],
      ['Q3', { access: 'user' }],
      ['Q4', { binds: { b: 2 } }],
    ]);
  });

  test('locators run when they are read', () => {
    seen.length = 0;
    const locator = D.getQueryLocator!('Q') as unknown;
    const Q = methods('Database.QueryLocator', $);
    assert.deepEqual([Q.getQuery!(locator), seen.length], ['Q', 0]);
    const iterator = Q.iterator!(locator) as unknown;
    const I = methods('Database.QueryLocatorIterator', $);
    assert.deepEqual([I.hasNext!(iterator), I.next!(iterator).type, I.hasNext!(iterator)], [true, 'Case', false]);
    assert.equal(seen.length, 1);
  });
});

test('savepoints, batches and merges reach the org', () => {
  const calls: unknown[] = [];
  const services = {
    setSavepoint: () => 4,
    rollback: (savepoint: number) => void calls.push(['rollback', savepoint]),
    releaseSavepoint: (savepoint: number) => void calls.push(['release', savepoint]),
    merge: (_: unknown, duplicates: unknown[]) =>
      duplicates.map(() => ({ ...good, mergedRecordIds: ['m'], updatedRelatedIds: [] })),
    async: {
      executeBatch: (_: unknown, scope: number) => (calls.push(['batch', scope]), '707000000000001AAA'),
    } as never,
  };
  const D = statics('Database', fakeRuntime({ services }));
  const savepoint = D.setSavepoint!() as unknown;
  D.rollback!(savepoint);
  D.releaseSavepoint!(savepoint);
  D.executeBatch!(new Bag('Job'));
  D.executeBatch!(new Bag('Job'), 5000);
  assert.deepEqual(calls, [
    ['rollback', 4],
    ['release', 4],
    ['batch', 200],
    ['batch', 2000],
  ]);
  const result = D.merge!(record(), '500000000000002AAA', false) as unknown;
  assert.equal(toApexString(methods('Database.MergeResult').getMergedRecordIds!(result)), '(m)');
});
