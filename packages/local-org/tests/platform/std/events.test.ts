import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SentEmail, SentNotification } from '../../../src/platform/services.ts';
import { AccessLevelObject } from '../../../src/platform/std/AccessLevel.ts';
import { JobContext } from '../../../src/platform/std/async-types.ts';
import { ApexList, ApexMap, ApexSet, ApexType, SObject, toApexString } from '../../../src/platform/values/index.ts';
import { throwsApex } from './apex-error.ts';
import { dec, fakeRuntime, methods, statics } from './fake-runtime.ts';

describe('EventBus', () => {
  const event = new SObject('Case_Sync_Requested__e', { Reason__c: 'x' });
  const seen: unknown[] = [];
  const $ = fakeRuntime({
    services: {
      publish: (events, callback, access) => {
        seen.push([events.length, callback, access]);
        return events.map(() => ({ id: 'e0exx0000000001AAA', success: true, created: true, errors: [] }));
      },
    },
  });
  const E = statics('EventBus', $);

  test('publishes one or many, with a callback and an access level', () => {
    const callback = new SObject('X');
    assert.equal(methods('Database.SaveResult', $).isSuccess!(E.publish!(event)), true);
    assert.equal(E.publish!(new ApexList('SObject', [event, event]), callback).size, 2);
    E.publishWithAccessLevel!(event, new AccessLevelObject('user'));
    assert.deepEqual(seen, [
      [1, null, undefined],
      [2, callback, undefined],
      [1, null, 'user'],
    ]);
    assert.equal(E.getOperationId!(E.publish!(event)), 'e0exx0000000001AAA');
    throwsApex(() => E.publish!(null), 'NullPointerException', 'Argument cannot be null.');
  });

  test('triggers of events can set a checkpoint', () => {
    const eventTrigger = { retries: 2, lastError: 'x', resumeCheckpoint: null };
    const runtime = fakeRuntime({ services: { eventTrigger } });
    const context = statics('EventBus.TriggerContext', runtime).currentContext!() as unknown;
    methods('EventBus.TriggerContext', runtime).setResumeCheckpoint!(context, '7');
    assert.equal(eventTrigger.resumeCheckpoint, '7');
    assert.equal(runtime.std['eventbus.triggercontext']!.p!['retries']!.get(context), 2);
    throwsApex(
      () => methods('EventBus.TriggerContext').getResumeCheckpoint!(context),
      'UnexpectedException',
      /only in triggers of platform events/,
    );
  });
});

test('contexts of jobs answer through their interface', () => {
  const context = new JobContext('Database.BatchableContext', { getJobId: '707', getChildJobId: '708' });
  const B = methods('Database.BatchableContext');
  assert.deepEqual([B.getJobId!(context), B.getChildJobId!(context)], ['707', '708']);
});

describe('Messaging', () => {
  const sent: SentEmail[] = [];
  const notes: SentNotification[] = [];
  const $ = fakeRuntime({
    services: { sendEmail: (emails) => void sent.push(...emails), sendNotification: (note) => void notes.push(note) },
  });
  const make = (to: string[], body: string | null): unknown => {
    const email = $.std['messaging.singleemailmessage']!.create!([]) as unknown;
    methods('Messaging.SingleEmailMessage', $).setToAddresses!(email, new ApexList('String', to));
    methods('Messaging.Email', $).setSubject!(email, 'S');
    $.std['messaging.singleemailmessage']!.p!['plaintextbody']!.set!(email, body);
    return email;
  };
  const send = (emails: unknown[], allOrNone = true): ApexList =>
    statics('Messaging', $).sendEmail!(new ApexList('Messaging.Email', emails), allOrNone) as ApexList;

  test('records emails', () => {
    const results = send([make(['a@example.com'], 'B')]);
    assert.equal(methods('Messaging.SendEmailResult', $).isSuccess!(results.get(0)), true);
    assert.deepEqual(
      sent.map(({ toAddresses, subject, plainTextBody }) => [toAddresses, subject, plainTextBody]),
      [[['a@example.com'], 'S', 'B']],
    );
  });

  test('refuses what could not be sent, all or one by one', () => {
    sent.length = 0;
    const message =
      'SendEmail failed. First exception on row 1; first error: INVALID_EMAIL_ADDRESS, Email address is invalid: nobody: []';
    throwsApex(() => send([make(['a@example.com'], 'B'), make(['nobody'], 'B')]), 'EmailException', message);
    assert.equal(sent.length, 0);
    const results = send([make(['a@example.com'], 'B'), make([], 'B')], false);
    assert.deepEqual(
      results.items.map((result) => methods('Messaging.SendEmailResult', $).isSuccess!(result) as unknown),
      [true, false],
    );
    assert.equal(sent.length, 1);
  });

  test('records notifications', () => {
    const note = $.std['messaging.customnotification']!.create!([]) as unknown;
    const N = methods('Messaging.CustomNotification', $);
    throwsApex(
      () => N.send!(note, new ApexSet('String', ['005'])),
      'IllegalArgumentException',
      'Missing required field: TargetId',
    );
    for (const [name, value] of Object.entries({ NotificationTypeId: '0ML', Title: 'T', Body: 'B', TargetId: '500' }))
      N[`set${name}`]!(note, value);
    N.send!(note, new ApexSet('String', ['005']));
    assert.deepEqual(notes, [{ typeId: '0ML', title: 'T', body: 'B', targetId: '500', recipients: ['005'] }]);
  });
});

describe('platform cache', () => {
  const store = new Map<string, string>();
  const $ = fakeRuntime({
    services: {
      cache: {
        get: (key) => store.get(key) ?? null,
        put: (key, text) => void store.set(key, text),
        remove: (key) => store.delete(key),
        keys: (prefix) => [...store.keys()].filter((key) => key.startsWith(prefix)),
      },
      instantiate: () => ({ doload$1: (key: string) => `loaded ${key}` }),
    },
  });
  const C = statics('Cache.Org', $);

  test('keeps values with their types', () => {
    C.put!('a', new ApexList('Decimal', [dec('1.50')]));
    assert.equal(toApexString(C.get!('a')), '(1.50)');
    assert.equal(C.get!('a').apexType, 'List<Decimal>');
    assert.equal(C.get!('local.default.a').size, 1);
    assert.equal(toApexString(C.getKeys!()), '{a}');
    assert.deepEqual([C.contains!('a'), C.remove!('a'), C.contains!('a'), C.get!('a')], [true, true, false, null]);
  });

  test('keeps maps of Objects', () => {
    C.put!('m', new ApexMap('String', 'Object', [['a', new ApexList('Object', [1, 'x'])]]));
    assert.equal(toApexString(C.get!('m')), '{a=(1, x)}');
    C.remove!('m');
  });

  test('refuses what JSON cannot carry', () => {
    throwsApex(() => C.put!('x', new AccessLevelObject('user')), 'JSONException', /^Apex Type unsupported in JSON: /);
  });

  test('partitions are apart', () => {
    const partition = C.getPartition!('local.Other') as unknown;
    methods('Cache.OrgPartition', $).put!(partition, 'k', 1, 300);
    assert.deepEqual([C.get!('k'), C.get!('local.Other.k')], [null, 1]);
  });

  test('builders load what is missing', () => {
    assert.equal(C.get!(new ApexType('Builder'), 'x'), 'loaded x');
    assert.equal(C.get!(new ApexType('Builder'), 'x'), 'loaded x');
  });

  test('keys and times are checked', () => {
    throwsApex(() => C.put!('a b', 1), 'Cache.InvalidParamException', 'Invalid key: a b');
    throwsApex(() => C.put!('a', 1, 999_999), 'Cache.InvalidParamException', 'Invalid time to live: 999999');
  });
});
