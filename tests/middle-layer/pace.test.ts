/** How long a Case takes beyond what both sides take, and what it costs: on a clock that moves only when all wait for it. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { TargetUnavailable } from '../../src/middle-layer/clients/errors.ts';
import { DEFAULT_SETTINGS } from '../../src/middle-layer/settings.ts';
import { paceAfter } from '../../src/middle-layer/queue/pace.ts';
import { testDatabase } from './support/database.ts';
import { LivingWorld } from './support/living-world.ts';

const { salesforceLingerMs, wakeGapMs, externalLanes } = DEFAULT_SETTINGS;
/** Polls come with time: here nobody polls. */
const SETTINGS = { salesforceLingerMs, wakeGapMs, externalLanes, pollIntervalMs: 24 * 3_600_000 };
const SECOND = 1_000;

describe('a rest', () => {
  it('is nothing while nothing comes, and grows with the load to what is allowed', () => {
    assert.deepEqual(
      [0, 1, 25, 50, 200].map((count) => paceAfter(count, 1_000)),
      [0, 20, 500, 1_000, 1_000],
    );
  });
});

describe('an idle system', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let living: LivingWorld;
  before(async () => (database = await testDatabase()));
  beforeEach(() => database.reset());
  afterEach(() => living.stop());
  after(() => database.close());

  const since = (began: number): [number, string, number][] =>
    living.exchanges.map(({ at, what, count }) => [at - began, what, count]);

  it('carries a new Case in two exchanges with the external system, and waits for nothing else', async () => {
    living = await LivingWorld.open(database.db, SETTINGS);
    const began = living.now;
    const created = living.world.salesforce.createCase({ Subject: 'a' });
    await living.tell();
    await living.pass(399);
    assert.equal(created.status, 'In Progress');
    await living.pass(1);
    assert.equal(created.status, 'Success');
    assert.deepEqual(since(began), [
      [0, 'sweep', 1],
      [0, 'request', 1],
      [200, 'apply', 1],
      [200, 'writeBack', 1],
      [400, 'confirm', 1],
    ]);
    assert.equal(living.world.external.records.get(created.key)!.syncStatus, 'Success');
    await living.pass(SECOND);
    assert.equal(living.exchanges.length, 5, 'the acknowledgement has left with the write-back');
  });

  it('carries a change in one', async () => {
    living = await LivingWorld.open(database.db, SETTINGS);
    const created = living.world.salesforce.createCase({ Subject: 'a' });
    await living.tell();
    await living.pass(10 * SECOND);
    living.exchanges.length = 0;
    const began = living.now;
    living.world.salesforce.updateCase(created.key, { Subject: 'b' });
    await living.tell();
    await living.pass(200);
    assert.equal(created.status, 'Success');
    assert.deepEqual(since(began).slice(0, 3), [
      [0, 'sweep', 1],
      [0, 'request', 1],
      [200, 'apply', 1],
    ]);
  });

  /** Saves Cases at those distances, each of which publishes an event if one is needed; how long each took, the quickest first. */
  const savedAt = async (distances: readonly number[]): Promise<number[]> => {
    const began = new Map<string, number>();
    for (const distance of distances) {
      await living.pass(distance);
      began.set(living.world.salesforce.createCase({ Subject: 'a' }).key, living.now);
      await living.tellIfNeeded();
    }
    await living.pass(5 * SECOND);
    assert.equal(living.confirmedAt.size, distances.length);
    return [...living.confirmedAt].map(([key, at]) => at - began.get(key)!).sort((a, b) => a - b);
  };

  it('does not let one Case wait for the exchanges of another', async () => {
    living = await LivingWorld.open(database.db, SETTINGS);
    const took = await savedAt([0, 50, 50]);
    assert.ok(took.at(-1)! <= 2.2 * 200, `they took ${took.join(', ')} ms`);
  });

  for (const { rate, saves } of [
    { rate: 1, saves: 10 },
    { rate: 10, saves: 40 },
  ])
    it(`is as quick as its goals at ${rate} Cases a second, which come when they like`, async () => {
      living = await LivingWorld.open(database.db, SETTINGS, { salesforce: 20 });
      const meanMs = SECOND / rate;
      const took = await savedAt(
        Array.from({ length: saves }, (_, index) => Math.round(meanMs * (0.4 + ((index * 53) % 127) / 105))),
      );
      assert.ok(took[saves / 2]! <= 3 * 200 && took.at(-1)! <= 5 * 200, `they took ${took.join(', ')} ms`);
    });

  it('asks Salesforce less and less often once no Case comes any more', async () => {
    living = await LivingWorld.open(database.db, SETTINGS);
    await savedAt(Array.from({ length: 20 }, () => 100));
    living.exchanges.length = 0;
    await living.pass(60 * SECOND);
    assert.ok(living.exchanges.length <= 10, JSON.stringify(living.exchanges));
  });
});

describe('a system under load', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let living: LivingWorld;
  before(async () => (database = await testDatabase()));
  beforeEach(() => database.reset());
  afterEach(() => living.stop());
  after(() => database.close());

  it('carries 1,000 Cases that are saved in five calls by twelve API calls', async () => {
    living = await LivingWorld.open(database.db, SETTINGS, { salesforce: 100 });
    const { salesforce } = living.world;
    for (let call = 0; call < 5; call++) {
      for (let index = 0; index < 200; index++) salesforce.createCase({ Subject: `${call} ${index}` });
      await living.tell();
      await living.pass(200);
    }
    await living.pass(30 * SECOND);
    assert.ok([...salesforce.cases.values()].every(({ status }) => status === 'Success'));
    const calls = living.exchanges.filter(({ what }) => what === 'sweep' || what === 'apply' || what === 'confirm');
    assert.ok(calls.length <= 12, JSON.stringify(living.exchanges));
  });
});

describe('a system whose external system was away', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let living: LivingWorld;
  before(async () => (database = await testDatabase()));
  beforeEach(() => database.reset());
  afterEach(() => living.stop());
  after(() => database.close());

  it('takes in what waits as soon as the first message gets through, not with the next poll', async () => {
    living = await LivingWorld.open(database.db, { ...SETTINGS, outage: { baseMs: 500, maxMs: 500 } });
    const { salesforce, external } = living.world;
    const send = external.send.bind(external);
    let isAway = true;
    external.send = (messages) =>
      isAway ? Promise.reject(new TargetUnavailable('UNAVAILABLE', 'the registry is down')) : send(messages);
    for (let saves = 0; saves < 3; saves++) {
      salesforce.createCase({ Subject: `${saves}` });
      await living.tell();
      await living.pass(SECOND);
    }
    isAway = false;
    await living.pass(3 * SECOND);
    assert.deepEqual(
      [...salesforce.cases.values()].map(({ status }) => status),
      ['Success', 'Success', 'Success'],
    );
  });
});
