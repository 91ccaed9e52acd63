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

  const HOUR = 60 * 60_000;
  /** What /ready tells of backups; that nobody swept for hours is told beside it. */
  const attention = async (): Promise<string[]> => {
    const { json } = await world.call('GET', '/ready');
    return (json.attention as string[]).filter((line) => line.includes('put back'));
  };

  it('is told by /ready and the log when the org shows an older heartbeat than it has shown before, once', async () => {
    await world.run();
    await world.pass(3 * HOUR);
    await world.sweep();
    await world.pass(HOUR);
    await world.sweep();
    assert.deepEqual(await attention(), [], 'nothing was put back');
    world.salesforce.settings.sweptAt = new Date(world.clock.now() - 3 * HOUR).toISOString();
    await world.pass(60_000);
    await world.sweep();
    const [line, ...others] = await attention();
    assert.deepEqual(others, []);
    assert.match(
      line!,
      /^cases: Salesforce was put back to an earlier state: it shows .* as the last sweep, and has shown .*: .*npm run reconcile -- --flow cases --content-check all, .*--make-again/,
    );
    assert.equal(world.logs.filter(({ event }) => event === 'Salesforce restored').length, 1);
    await world.pass(25 * HOUR);
    await world.sweep();
    assert.deepEqual(await attention(), [], 'once');
  });

  it('is told when the org shows sweeps that the database does not know: a backup of it was put back, or it is new', async () => {
    await world.run();
    // as a backup that is five hours old has it; the org was swept until an hour ago
    await database.db.query("UPDATE sweep_state SET swept_at = swept_at - interval '5 hours'");
    world = await World.open(database.db);
    world.salesforce.settings.sweptAt = new Date(world.clock.now() - HOUR).toISOString();
    await world.sweep();
    assert.match(
      (await attention())[0]!,
      /^cases: the database of the middle layer was put back to an earlier state: it ends at .*, and Salesforce shows sweeps until .*npm run reconcile/,
    );

    await database.reset();
    world = await World.open(database.db);
    world.salesforce.settings.sweptAt = new Date(world.clock.now() - HOUR).toISOString();
    await world.sweep();
    assert.match(
      (await attention())[0]!,
      /was put back to an earlier state: it is new, and Salesforce shows sweeps until/,
    );
  });

  it('is not told of a heartbeat by a clock that was days ahead', async () => {
    await world.run();
    world.salesforce.settings.sweptAt = new Date(world.clock.now() + 72 * HOUR).toISOString();
    await world.pass(HOUR);
    await world.sweep();
    await world.pass(HOUR);
    await world.sweep();
    assert.deepEqual(await attention(), []);
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
