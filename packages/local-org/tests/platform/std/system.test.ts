import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AsyncWork, Services, TestSupport } from '../../../src/platform/services.ts';
import { Bag } from '../../../src/platform/std/shared/bag.ts';
import type { ApexList } from '../../../src/platform/values/index.ts';
import {
  ApexBlob,
  ApexEnum,
  ApexType,
  apexException,
  dmlException,
  SObjectTypeToken,
  toApexString,
} from '../../../src/platform/values/index.ts';
import { throwsApex } from './apex-error.ts';
import { at, dec, fakeRuntime, list, methods, NOW, statics, USER } from './fake-runtime.ts';

describe('assertions', () => {
  const S = statics('System');
  const A = statics(
    'Assert',
    Object.assign(fakeRuntime(), { is: (value: unknown, type: string) => typeof value === type.toLowerCase() }),
  );
  const cases: [string, () => unknown, string][] = [
    ['assert', () => S.assert!(false), 'Assertion Failed'],
    ['assert with a message', () => S.assert!(false, 'why'), 'Assertion Failed: why'],
    ['assertEquals', () => S.assertEquals!(1, 2), 'Assertion Failed: Expected: 1, Actual: 2'],
    [
      'assertEquals with a message',
      () => S.assertEquals!('a', 'A', 'why'),
      'Assertion Failed: why: Expected: a, Actual: A',
    ],
    ['assertNotEquals', () => S.assertNotEquals!(1, 1, 'why'), 'Assertion Failed: why: Same value: 1'],
    ['areEqual of lists', () => A.areEqual!(list(1), list(2)), 'Assertion Failed: Expected: (1), Actual: (2)'],
    ['fail', () => A.fail!('now'), 'Assertion Failed: now'],
    ['isTrue', () => A.isTrue!(false, 'why'), 'Assertion Failed: why: Expected: true, Actual: false'],
    ['isNull', () => A.isNull!('x'), 'Assertion Failed: Expected: null, Actual: x'],
    ['isNotNull', () => A.isNotNull!(null, 'why'), 'Assertion Failed: why: Same value: null'],
    [
      'isInstanceOfType',
      () => A.isInstanceOfType!(1, new ApexType('String'), 'why'),
      'Assertion Failed: why: Expected type: String, Actual: Integer (1)',
    ],
  ];
  for (const [name, run, message] of cases) test(name, () => throwsApex(run, 'AssertException', message));

  test('numbers of different types are equal by value', () => {
    S.assertEquals!(5, dec('5.00'));
    S.assertEquals!(5n, 5);
    A.areNotEqual!('a', 'A');
    A.isInstanceOfType!('x', new ApexType('String'));
  });
});

describe('System', () => {
  test('debug logs text at a level', () => {
    const lines: string[] = [];
    const S = statics(
      'System',
      fakeRuntime({ services: { log: (level, text) => void lines.push(`${level} ${text}`) } }),
    );
    S.debug!(list(1, null));
    S.debug!(new ApexEnum('LoggingLevel', 'ERROR', 8), 'x');
    assert.deepEqual(lines, ['DEBUG (1, null)', 'ERROR x']);
  });

  test('tells the time of the injected clock', () => {
    const S = statics('System');
    assert.equal(S.now!().ms, NOW);
    assert.equal(S.currentTimeMillis!(), BigInt(NOW));
    assert.equal(S.today!().toString(), '2026-11-21');
  });

  const jobs: unknown[][] = [];
  const async = new Proxy({} as AsyncWork, {
    get:
      (_, name) =>
      (...args: unknown[]) => (jobs.push([String(name), ...args.slice(1)]), 'id'),
  });
  const S = statics('System', fakeRuntime({ services: { async } }));
  test('enqueues with a delay or options', () => {
    jobs.length = 0;
    const job = new Bag('Job');
    S.enqueueJob!(job);
    S.enqueueJob!(job, 5);
    S.enqueueJob!(job, new Bag('AsyncOptions', { MaximumQueueableStackDepth: 3, MinimumQueueableDelayInMinutes: 1 }));
    assert.deepEqual(jobs, [
      ['enqueue', {}],
      ['enqueue', { delayMinutes: 5 }],
      ['enqueue', { maximumDepth: 3, delayMinutes: 1 }],
    ]);
    throwsApex(() => S.enqueueJob!(job, 11), 'IllegalArgumentException', 'The delay must be between 0 and 10 minutes.');
    throwsApex(() => S.enqueueJob!(null), 'NullPointerException', 'Argument cannot be null.');
  });

  test('signatures tell duplicates', () => {
    jobs.length = 0;
    const $ = fakeRuntime();
    const B = methods('QueueableDuplicateSignature.Builder', $);
    const builder = $.std['queueableduplicatesignature.builder']!.create!([]) as unknown;
    const signature = B.build!(B.addInteger!(B.addString!(builder, 'a'), 1)) as unknown;
    S.enqueueJob!(new Bag('Job'), new Bag('AsyncOptions', { DuplicateSignature: signature }));
    assert.deepEqual(jobs, [['enqueue', { duplicateSignature: 'a|1' }]]);
  });

  test('schedules', () => {
    jobs.length = 0;
    S.schedule!('name', '0 0 * * * ?', new Bag('Job'));
    S.scheduleBatch!(new Bag('Job'), 'batch', 5);
    assert.deepEqual(jobs, [
      ['schedule', '0 0 * * * ?', jobs[0]![2]],
      ['scheduleBatch', 'batch', 5, 200],
    ]);
  });
});

describe('Test', () => {
  const calls: unknown[][] = [];
  const support = (more: Partial<TestSupport> = {}): TestSupport =>
    new Proxy(more as TestSupport, {
      get: (target, name) =>
        Reflect.get(target, name) ?? ((...args: unknown[]) => void calls.push([String(name), ...args])),
    });

  test('reaches the running test', () => {
    const T = statics('Test', fakeRuntime({ services: { test: support() } }));
    assert.equal(T.isRunningTest!(), true);
    T.startTest!();
    T.setMock!(new ApexType('HttpCalloutMock'), 'mock');
    T.setCreatedDate!('500000000000001AAA', at('2026-01-01T00:00:00Z'));
    T.getStandardPricebookId!();
    T.stopTest!();
    assert.deepEqual(calls, [
      ['startTest'],
      ['setMock', 'httpcalloutmock', 'mock'],
      ['setCreatedDate', '500000000000001AAA', Date.UTC(2026, 0, 1)],
      ['standardPricebookId'],
      ['stopTest'],
    ]);
  });

  test('is of no use elsewhere', () => {
    const T = statics('Test');
    assert.equal(T.isRunningTest!(), false);
    throwsApex(() => T.startTest!(), 'UnexpectedException', 'Methods of Test can be called only from tests.');
  });

  test('loads records from a static resource', () => {
    const csv = 'Id,Subject,Due_Date__c,IsEscalated,Latitude__c\n1,"a, b",2026-01-02,true,40.5\n2,c,,,\n';
    const dml: Services['dml'] = ({ records }) =>
      records.map(() => ({ id: null, success: true, created: true, errors: [] }));
    const resource = (text: string): TestSupport => support({ staticResource: () => new TextEncoder().encode(text) });
    const records = statics('Test', fakeRuntime({ services: { test: resource(csv), dml } })).loadData!(
      new SObjectTypeToken('Case'),
      'cases',
    ) as ApexList;
    assert.equal(
      toApexString(records),
      '(Case:{Subject=a, b, Due_Date__c=2026-01-02 00:00:00, IsEscalated=true, Latitude__c=40.5}, Case:{Subject=c})',
    );
    const wrong = statics('Test', fakeRuntime({ services: { test: resource('Nope\nx\n'), dml } }));
    throwsApex(
      () => wrong.loadData!(new SObjectTypeToken('Case'), 'cases'),
      'SObjectException',
      'Invalid field Nope for Case',
    );
  });
});

describe('exceptions', () => {
  const frames = [
    { location: 'Class.Foo.bar', line: 7, column: 3 },
    { location: 'AnonymousBlock', line: 1, column: 1 },
  ];
  const $ = fakeRuntime({ services: { frames: () => frames } });
  const E = methods('Exception', $);

  test('have the four constructors', () => {
    const create = (...args: unknown[]): any => $.std['calloutexception']!.create!([], ...args);
    const cause = apexException('MathException', 'x');
    assert.equal(E.getMessage!(create()), 'Script-thrown exception');
    assert.equal(E.getMessage!(create('no')), 'no');
    assert.equal(E.getCause!(create(cause)), cause);
    assert.deepEqual([E.getMessage!(create('no', cause)), E.getCause!(create('no', cause))], ['no', cause]);
    assert.equal(E.getTypeName!(create()), 'System.CalloutException');
  });

  test('tell where they were thrown', () => {
    const exception = apexException('MathException', 'x');
    assert.equal(E.getLineNumber!(exception), 7);
    assert.equal(
      E.getStackTraceString!(exception),
      'Class.Foo.bar: line 7, column 3\nAnonymousBlock: line 1, column 1',
    );
  });

  test('take a cause once', () => {
    const exception = apexException('MathException', 'x');
    E.initCause!(exception, apexException('DmlException'));
    throwsApex(() => E.initCause!(exception, null), 'IllegalArgumentException', "Can't overwrite cause");
  });

  test('of DML tell their rows', () => {
    const errors = [{ code: 'DUPLICATE_VALUE', message: 'twice', fields: ['Subject'] }];
    const exception = dmlException('Insert', [{ index: 3, id: null, object: 'Case', errors }]);
    assert.equal(E.getNumDml!(exception), 1);
    assert.equal(E.getDmlMessage!(exception, 0), 'twice');
    assert.equal(E.getDmlIndex!(exception, 0), 3);
    assert.equal(E.getDmlType!(exception, 0), $.std['statuscode']!.sp!['duplicate_value']!.get());
    assert.equal(toApexString(E.getDmlFieldNames!(exception, 0)), '(Subject)');
    assert.equal(E.getDmlFields!(exception, 0).get(0).object, 'Case');
    throwsApex(() => E.getDmlMessage!(exception, 1), 'ListException', 'List index out of bounds: 1');
  });
});

test('Limits, UserInfo, UUID, Request and permissions ask the org', () => {
  const $ = fakeRuntime({
    services: {
      limits: { used: (name) => (name === 'Queries' ? 3 : 0), max: () => 100 },
      may: { object: () => true, field: () => true, custom: (name) => name === 'Sync' },
    },
  });
  assert.deepEqual([statics('Limits', $).getQueries!(), statics('Limits', $).getLimitQueries!()], [3, 100]);
  assert.equal(statics('UserInfo', $).getUserId!(), USER.id);
  assert.equal(toApexString(statics('UserInfo', $).getTimeZone!()), 'America/New_York');
  assert.match(
    toApexString(statics('UUID', $).randomUUID!()),
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  throwsApex(() => statics('UUID', $).fromString!('x'), 'IllegalArgumentException', 'Invalid UUID string: x');
  assert.equal(statics('FeatureManagement', $).checkPermission!('Sync'), true);
  const request = statics('Request', $).getCurrent!() as unknown;
  assert.deepEqual(
    [methods('Request', $).getRequestId!(request), methods('Request', $).getQuiddity!(request).name],
    ['TX', 'ANONYMOUS'],
  );
});

test('a blob is text only when it is UTF-8', () => {
  const B = methods('Blob');
  assert.equal(B.toString(statics('Blob').valueOf('é')), 'é');
  assert.equal(B.size!(statics('Blob').valueOf('é')), 2);
  throwsApex(
    () => B.toString(new ApexBlob(Uint8Array.of(0xff, 0xfe))),
    'StringException',
    'BLOB is not a valid UTF-8 string',
  );
});

test('constants of enums', () => {
  const $ = fakeRuntime();
  const level = statics('LoggingLevel', $).valueOf('debug') as ApexEnum;
  assert.equal(level, $.std['logginglevel']!.sp!['debug']!.get());
  assert.deepEqual([methods('Enum', $).name!(level), methods('Enum', $).ordinal!(level)], ['DEBUG', 5]);
  throwsApex(
    () => statics('LoggingLevel', $).valueOf('LOUD'),
    'NoSuchElementException',
    'No enum constant LoggingLevel.LOUD',
  );
});
