import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { RequestMessage } from '../../src/shared/case-messages.ts';
import { testDatabase } from './support/database.ts';
import { newKey, World } from './support/world.ts';

describe('a restored side', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let world: World;
  before(async () => (database = await testDatabase()));
  beforeEach(async () => {
    await database.reset();
    world = await World.open(database.db);
  });
  after(() => database.close());

  const requests = (key: string): RequestMessage[] =>
    world.external.received.filter(
      (message): message is RequestMessage => message.kind === 'request' && message.key === key,
    );

  it('the external system: what it changes below what was seen leads to one request, and both sides agree again', async () => {
    const { key } = world.salesforce.createCase({ Subject: 'a', Status: 'New' });
    await world.run();
    const backup = structuredClone(world.external.records.get(key)!);
    world.external.change(key, { Status: 'Working' });
    await world.run();
    world.external.change(key, { Status: 'Closed' });
    await world.run();
    world.external.records.set(key, backup);
    world.external.change(key, { Status: 'Escalated' });
    await world.run();
    const record = world.external.records.get(key)!;
    assert.ok(record.revision > 3, `revision ${record.revision}`);
    assert.equal(record.syncStatus, 'Success');
    assert.deepEqual(world.salesforce.cases.get(key)!.values, record.values);
    assert.equal(requests(key).length, 2, 'the create, and the one that was wanted');
    await world.pass(60_000);
    assert.equal(requests(key).length, 2, 'no sweep repeats it');
  });

  it('the external system: all that is wanted is read in one call; a key without a Case is told', async () => {
    const keys = [1, 2, 3].map((n) => world.salesforce.createCase({ Subject: `case ${n}` }).key);
    await world.run();
    const unknown = newKey();
    world.salesforce.takeCallCount();
    let reads = 0;
    const readCases = world.salesforce.readCases.bind(world.salesforce);
    world.salesforce.readCases = (wanted) => {
      reads += 1;
      return readCases(wanted);
    };
    const messages = [...keys, unknown].map((key) => ({
      kind: 'requestWanted',
      id: newKey(),
      key,
      externalId: 'EXT-9',
      revision: 2,
      seenRevision: 5,
    }));
    assert.equal((await world.call('POST', '/v1/messages', { messages })).status, 202);
    await world.run();
    assert.equal(reads, 1);
    for (const key of keys) assert.equal(requests(key).at(-1)?.version, 1);
    assert.deepEqual(await world.outcomes(unknown, 'requestWanted'), ['QUEUED', 'NOT_FOUND']);
    const told = world.external.received.find(({ key }) => key === unknown);
    assert.deepEqual(told?.kind === 'acknowledge' && [told.success, told.errorCode, told.seenRevision], [
      false,
      'NOT_FOUND',
      5,
    ]);
  });

  it('the org: a version below what was sent is new work when it began later, and nothing older overtakes it', async () => {
    const found = world.salesforce.createCase({ Subject: 'a' });
    found.requestedAt = '2026-11-21T07:30:00Z';
    await world.run();
    for (const [subject, at] of [
      ['b', '2026-11-21T07:31:00Z'],
      ['c', '2026-11-21T07:32:00Z'],
    ] as const) {
      world.salesforce.updateCase(found.key, { Subject: subject });
      found.requestedAt = at;
      await world.sweep();
    }
    await world.run();
    // version 1 was restored, and changed to version 2: by number it was sent long ago
    Object.assign(found, {
      version: 1,
      externalRevision: 1,
      baseRevision: 1,
      values: { ...found.values, Subject: 'a' },
    });
    world.salesforce.updateCase(found.key, { Subject: 'later' });
    found.requestedAt = '2026-11-21T07:40:00Z';
    await world.sweep();
    const sent = requests(found.key).at(-1)!;
    assert.deepEqual([sent.version, sent.values.Subject, sent.requestedAt], [2, 'later', '2026-11-21T07:40:00Z']);
    const count = requests(found.key).length;
    await world.sweep();
    assert.equal(requests(found.key).length, count, 'once');
  });
});
