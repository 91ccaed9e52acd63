import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { testDatabase } from './support/database.ts';
import { World } from './support/world.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe('the Case flow', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  before(async () => (database = await testDatabase()));
  beforeEach(() => database.reset());
  after(() => database.close());

  it('queues a version once, however often it is swept', async () => {
    const world = await World.open(database.db);
    const { key } = world.salesforce.createCase({ Subject: 'a' });
    for (let sweeps = 0; sweeps < 3; sweeps++) await world.sweep();
    assert.equal(world.external.received.length, 1);
    world.salesforce.reconcile();
    await world.sweep();
    assert.deepEqual(
      world.external.received.map((message) => message.kind === 'request' && [message.version, message.attempt]),
      [
        [1, 0],
        [1, 1],
      ],
    );
    assert.equal(world.external.records.get(key)!.revision, 1);
  });

  it('sends the whole state with origin, base revision, owners and idempotency key', async () => {
    const world = await World.open(database.db);
    const { key, id } = world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    world.salesforce.updateCase(key, { Subject: 'b' });
    await world.sweep();
    const { id: _id, ...request } = world.external.received.findLast(({ kind }) => kind === 'request')!;
    assert.deepEqual(request, {
      kind: 'request',
      key,
      idempotencyKey: `00D000000000001AAA:${key}:2`,
      orgId: '00D000000000001AAA',
      version: 2,
      attempt: 0,
      originCaseId: id,
      baseRevision: 1,
      values: { Subject: 'b' },
      owners: { Subject: 'Salesforce', Status: 'External', Happened_At__c: 'Salesforce' },
      seenRevision: 1,
      seenMark: null,
      caseRevision: 1,
      externalId: 'EXT-1',
      requestedAt: null,
      digest: null,
    });
  });

  it('writes a Case id back once, although the answer that asked for it got lost and a sweep found it pending', async () => {
    const world = await World.open(database.db);
    const { key } = world.salesforce.createCase({ Subject: 'a' });
    const { apply } = world.salesforce;
    world.salesforce.apply = async (records) => {
      world.salesforce.apply = apply;
      await apply(records);
      throw new Error('socket hang up');
    };
    for (let minutes = 0; minutes < 10; minutes++) {
      await world.sweep();
      await world.pass(MINUTE);
    }
    assert.equal(world.external.received.filter(({ kind }) => kind === 'writeBack').length, 1);
    assert.equal(world.external.records.get(key)!.syncStatus, 'Success');
    assert.deepEqual(await world.outcomes(key, 'writeBackConfirmed'), ['QUEUED', 'APPLIED']);
  });

  it('writes a Case id back again when the external system triggers the record again', async () => {
    const world = await World.open(database.db);
    const created = world.salesforce.createCase({ Subject: 'a' });
    const send = world.external.send.bind(world.external);
    let lost = 0;
    world.external.send = async (messages) => {
      const kept = messages.filter(({ kind }) => kind !== 'writeBack' || lost++ > 0);
      await send(kept);
      return messages.map(({ id }) => ({ id, accepted: true }));
    };
    await world.run();
    assert.equal(created.status, 'In Progress');
    assert.equal(world.external.poll(), 1);
    await world.run();
    assert.equal(lost, 2);
    assert.equal(created.status, 'Success');
  });

  it('sweeps all pages of pending Cases', async () => {
    const world = await World.open(database.db);
    const cases = Array.from({ length: 130 }, (_, index) => world.salesforce.createCase({ Subject: String(index) }));
    await world.run();
    assert.ok(cases.every(({ status }) => status === 'Success'));
  });

  it('sends Salesforce its records in the order of accounts and Cases', async () => {
    const world = await World.open(database.db);
    const cases = ['001B', '001A', null, '001B', '001A'].map((account) =>
      world.salesforce.createCase({ Subject: 'a' }, account),
    );
    const order: string[] = [];
    const { apply } = world.salesforce;
    world.salesforce.apply = (records) => {
      order.push(...records.map(({ key }) => key));
      return apply(records);
    };
    await world.run();
    assert.deepEqual(
      order,
      [1, 4, 0, 3, 2].map((index) => cases[index]!.key),
    );
  });

  it('carries a change that started outside', async () => {
    const world = await World.open(database.db);
    const created = world.salesforce.createCase({ Subject: 'a', Status: 'New' });
    await world.run();
    world.external.change(created.key, { Status: 'Closed' });
    await world.run();
    assert.equal(created.values.Status, 'Closed');
    assert.equal(world.external.records.get(created.key)!.syncStatus, 'Success');
    assert.equal(created.version, 1);
  });

  it('sends Salesforce only the fields that are synced', async () => {
    const world = await World.open(database.db);
    const created = world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    world.external.change(created.key, { Internal_Note: 'x', Status: 'Closed' });
    await world.run();
    assert.deepEqual(created.values, { Subject: 'a', Status: 'Closed' });
  });

  it('leaves a field out that cannot be read, and says so', async () => {
    const world = await World.open(database.db);
    world.salesforce.fields.push({ name: 'Gone__c', owner: 'External', type: null });
    const created = world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    assert.equal(created.status, 'Success');
    const { status, json } = await world.call('GET', '/ready');
    assert.equal(status, 503);
    assert.match(json.problems.join(), /the synced field Gone__c is missing/);
  });

  it('reports a deletion once, and tells Salesforce that it was delivered', async () => {
    const world = await World.open(database.db);
    const created = world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    world.salesforce.deleteCase(created.key, '2026-11-21T07:30:00Z');
    await world.sweep();
    await world.sweep();
    await world.run();
    const deletions = world.external.received
      .filter(({ kind }) => kind === 'deletion')
      .map(({ id: _id, ...message }) => message);
    assert.deepEqual(deletions, [
      {
        kind: 'deletion',
        key: created.key,
        caseId: created.id,
        reason: 'Deleted',
        masterKey: null,
        at: '2026-11-21T07:30:00Z',
        tombstoneId: world.salesforce.tombstones[0]!.id,
      },
    ]);
    assert.ok(world.salesforce.tombstones.every(({ pending }) => !pending));
  });

  it('reports a deletion again when the external system took it and lost it, until it is confirmed', async () => {
    const world = await World.open(database.db);
    const created = world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    const send = world.external.send.bind(world.external);
    let told = 0;
    world.external.send = async (messages) => {
      await send(messages.filter(({ kind }) => kind !== 'deletion' || ++told > 2));
      return messages.map(({ id }) => ({ id, accepted: true }));
    };
    world.salesforce.deleteCase(created.key, '2026-11-21T07:30:00Z');
    for (let minutes = 0; minutes < 60; minutes += 5) {
      await world.sweep();
      await world.pass(5 * MINUTE);
      if (minutes < 10) assert.equal(told, 1, 'it waits for the answer before it asks again');
      assert.equal(world.salesforce.tombstones[0]!.pending, told < 3);
    }
    assert.equal(told, 3);
    assert.equal(world.external.records.get(created.key)!.deletedInSalesforce, true);
  });

  it('stops both directions within one poll of a pause, and goes on after it', async () => {
    const world = await World.open(database.db);
    const first = world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    world.salesforce.settings.paused = true;
    await world.sweep();
    world.salesforce.updateCase(first.key, { Subject: 'b' });
    world.external.change(first.key, { Status: 'Closed' });
    const before = world.external.received.length;
    for (let passes = 0; passes < 5; passes++) await world.pass(MINUTE);
    assert.equal(world.external.received.length, before);
    assert.equal(first.values.Status, undefined);
    assert.equal((await world.call('GET', '/v1/status')).json.flows.cases.paused, 'PAUSED_IN_SALESFORCE');
    assert.deepEqual(await world.layer.idle().then(({ open, due }) => [open, due]), [1, 0]);

    world.salesforce.settings.paused = false;
    await world.pass(MINUTE);
    await world.pass(MINUTE);
    assert.deepEqual([first.status, first.values], ['Success', { Subject: 'b', Status: 'Closed' }]);
  });

  it('stays paused where the settings were made for another org, or for none', async () => {
    const world = await World.open(database.db);
    world.salesforce.createCase({ Subject: 'a' });
    world.salesforce.settings.orgId = '00D000000000002AAA';
    await world.run();
    assert.equal((await world.call('GET', '/v1/status')).json.flows.cases.paused, 'SETTINGS_OF_ANOTHER_ORG');
    world.salesforce.settings.orgId = null;
    await world.sweep();
    assert.equal((await world.call('GET', '/v1/status')).json.flows.cases.paused, 'SETTINGS_NAME_NO_ORG');
    assert.equal(world.external.received.length, 0);
  });

  it('lets messages wait for company before they cost an API call, when many came before', async () => {
    const world = await World.open(database.db, { salesforceLingerMs: 1_000 });
    world.salesforce.mostRows = 200;
    const batches: number[] = [];
    const { apply } = world.salesforce;
    world.salesforce.apply = (records) => {
      batches.push(records.length);
      return apply(records);
    };
    world.external.answersAtOnce = ({ kind }) => kind === 'request';
    const save = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index++) world.salesforce.createCase({ Subject: 'a' });
      await world.layer.wake();
      await world.run();
    };
    await save(1);
    assert.deepEqual(batches, [1], 'one alone waits for nobody');
    await world.pass(20);
    await world.pass(20);
    await save(100);
    assert.deepEqual(batches, [1, 100]);
    await save(3);
    await world.pass(999);
    assert.deepEqual(batches, [1, 100]);
    await world.pass(1);
    assert.deepEqual(batches, [1, 100, 3]);
  });

  it('forgets by retention what is settled and received, and keeps the audit and every open dead letter', async () => {
    const world = await World.open(database.db, {
      maxAttempts: 1,
      retention: { doneMs: DAY, conflictMs: 2 * DAY, inboxMs: DAY, auditMs: 400 * DAY },
    });
    world.salesforce.createCase({ Subject: 'good' });
    const bad = world.salesforce.createCase({ Subject: 'bad' });
    world.salesforce.refuse = (key) => (key === bad.key ? { errorCode: 'BAD', retryable: false } : null);
    await world.run();
    const audited = (await database.db.query('SELECT 1 FROM audit')).length;
    await world.pass(DAY + MINUTE);
    assert.deepEqual(await world.states(), { 'salesforce record dead': 1 });
    assert.equal((await database.db.query('SELECT 1 FROM inbox')).length, 0);
    assert.equal((await database.db.query('SELECT 1 FROM audit')).length, audited);
    // however long nobody looks: it is there, told, and can be sent again
    await world.pass(100 * DAY);
    assert.deepEqual(await world.states(), { 'salesforce record dead': 1 });
    assert.match(
      (await world.call('GET', '/ready')).json.attention.join(),
      new RegExp(`refused for good as BAD .*${bad.key}`),
    );
    world.salesforce.refuse = () => null;
    assert.equal((await world.call('POST', '/v1/dead-letters/retry', { code: 'BAD' })).status, 202);
    await world.run();
    assert.equal((await world.call('GET', '/v1/dead-letters')).json.deadLetters.length, 0);
    await world.pass(DAY + MINUTE);
    assert.deepEqual(await world.states(), {}, 'closed, it goes');
    assert.equal((await database.db.query('SELECT 1 FROM dead_letter')).length, 0);
  });

  it('counts Salesforce API calls over restarts', async () => {
    const world = await World.open(database.db);
    world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    const calls = async (): Promise<number> =>
      (await world.call('GET', '/v1/status')).json.flows.cases.counters.salesforceApiCalls;
    const before = await calls();
    assert.equal(before, 4, 'two for the first sweep, apply, write-back');
    await world.start();
    await world.sweep();
    assert.equal(await calls(), before + 1);
  });
});
