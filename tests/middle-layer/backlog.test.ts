import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { TargetUnavailable } from '../../src/middle-layer/clients/errors.ts';
import { testDatabase } from './support/database.ts';
import { World } from './support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** By how much large backlogs, pages and rooms are smaller than in production, for time; on a server they are not. */
const SCALE = process.env.CONCORD_SERVER_TESTS === '1' ? 1 : 5;
const PAGE = 2_000 / SCALE;

describe('a backlog', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  before(async () => (database = await testDatabase()));
  beforeEach(() => database.reset());
  after(() => database.close());

  /** So many pending Cases. The world's external system answers only while `isUp`. */
  const open = async (cases: number, settings = {}): Promise<World & { isUp: boolean }> => {
    const world = Object.assign(await World.open(database.db, settings), { isUp: true });
    world.salesforce.mostRows = PAGE;
    const send = world.external.send.bind(world.external);
    world.external.send = async (messages) => {
      if (!world.isUp) throw new TargetUnavailable('HTTP_503', 'the external system is down');
      return send(messages);
    };
    for (let index = 0; index < cases; index++) world.salesforce.createCase({ Subject: `Case ${index}` });
    return world;
  };
  const openMessages = async (): Promise<number> =>
    (await database.db.query("SELECT 1 FROM message WHERE state IN ('queued', 'sending')")).length;
  const withStatus = (world: World, status: string): number =>
    [...world.salesforce.cases.values()].filter((found) => found.status === status).length;

  /** API calls in three hours of outage, once it is known. */
  const callsOfOutage = async (cases: number): Promise<number> => {
    await database.reset();
    const world = await open(cases, { sweepRoom: PAGE });
    world.isUp = false;
    for (let minutes = 0; minutes < 20; minutes++) await world.pass(MINUTE);
    const callCount = async (): Promise<number> =>
      (await world.call('GET', '/v1/status')).json.flows.cases.counters.salesforceApiCalls;
    const before = await callCount();
    for (let minutes = 0; minutes < 180; minutes += 5) await world.pass(5 * MINUTE);
    return (await callCount()) - before;
  };

  it('costs a few API calls an hour while the external system is down, whatever its size', async () => {
    const [small, large] = [await callsOfOutage(20), await callsOfOutage(5_000 / SCALE)];
    assert.equal(large, small);
    assert.ok(large > 0 && large <= 3 * 4, `${large} calls in three hours`);
  });

  it('stays in Salesforce: no more is taken in than there is room for', async () => {
    const sweepRoom = 1_000 / SCALE;
    const world = await open(5 * sweepRoom, { sweepRoom });
    world.isUp = false;
    for (let minutes = 0; minutes < 60; minutes++) {
      await world.pass(MINUTE);
      assert.ok((await openMessages()) <= sweepRoom);
    }
    assert.equal(await openMessages(), sweepRoom);
  });

  it('is finished one after the other: what was begun before what is new', async () => {
    const sweepRoom = 600 / SCALE;
    const cases = 5 * sweepRoom;
    const world = await open(cases, { sweepRoom });
    let most = 0;
    for (let steps = 0; withStatus(world, 'Success') < cases; steps++) {
      assert.ok(steps < 3_000, 'it comes to an end');
      const did = await world.layer.step();
      const published = await world.publish();
      most = Math.max(most, await openMessages());
      const begun = world.external.records.size - withStatus(world, 'Success');
      assert.ok(begun <= 2 * sweepRoom, `${begun} are begun and not finished`);
      if (!did && published === 0) await world.clock.advance(1_000);
    }
    assert.ok(most <= 2 * sweepRoom, `${most} messages were open at once`);
  });

  it('is gone within minutes of the end of an outage', async () => {
    const cases = 1_000 / SCALE;
    const world = await open(cases, { sweepRoom: 300 / SCALE });
    world.isUp = false;
    for (let minutes = 0; minutes < 240; minutes += 5) await world.pass(5 * MINUTE);
    assert.equal(withStatus(world, 'Success'), 0);
    world.isUp = true;
    for (let minutes = 0; minutes < 3; minutes++) await world.pass(MINUTE);
    assert.equal(withStatus(world, 'Success'), cases);
  });

  it('of records from outside leaves changes of Salesforce their turn', async () => {
    const world = await open(0, { sweepRoom: 400 });
    const { apply } = world.salesforce;
    for (let index = 0; index < 500; index++) world.salesforce.createCase({ Subject: 'a' });
    await world.pass(MINUTE);
    await world.pass(MINUTE);
    assert.equal(withStatus(world, 'Success'), 500);
    world.salesforce.apply = async () => {
      throw new TargetUnavailable('HTTP_503', 'storing is down');
    };
    for (const key of world.external.records.keys()) world.external.change(key, { Status: 'Working' });
    await world.run();
    assert.equal(await openMessages(), 500);
    world.salesforce.createCase({ Subject: 'new' });
    await world.pass(MINUTE);
    assert.equal(world.external.records.size, 501);
    world.salesforce.apply = apply;
  });

  it('is read to its end although its first page cannot be finished', async () => {
    const world = await open(100);
    world.salesforce.mostRows = 20;
    const stuck = new Set([...world.salesforce.cases.keys()].slice(0, 20));
    world.salesforce.refuse = (key) => (stuck.has(key) ? { errorCode: 'UNABLE_TO_LOCK_ROW', retryable: true } : null);
    for (let minutes = 0; minutes < 5; minutes++) await world.pass(MINUTE);
    assert.equal(withStatus(world, 'Success'), 80);
  });

  it('of tombstones is read page by page too', async () => {
    const world = await open(120);
    await world.pass(MINUTE);
    await world.pass(MINUTE);
    world.salesforce.mostRows = 50;
    for (const key of [...world.salesforce.cases.keys()]) world.salesforce.deleteCase(key, '2026-11-21T07:30:00Z');
    for (let minutes = 0; minutes < 5; minutes++) await world.pass(MINUTE);
    assert.equal(world.salesforce.tombstones.filter(({ pending }) => pending).length, 0);
  });

  it('is told to the org: nothing is clear until all of it was read and can leave', async () => {
    const cases = 1_000 / SCALE;
    const world = await open(cases, { sweepRoom: 300 / SCALE });
    const clear = (): string | null | undefined => world.salesforce.heartbeats.at(-1)?.clearSince;
    await world.pass(MINUTE);
    await world.pass(2 * MINUTE);
    await world.pass(2 * MINUTE);
    assert.equal(withStatus(world, 'Success'), cases);
    assert.ok(clear(), 'all is carried');
    world.isUp = false;
    world.salesforce.createCase({ Subject: 'a' });
    for (let minutes = 0; minutes < 40; minutes++) await world.pass(MINUTE);
    assert.equal(clear(), null, 'it cannot leave');
    world.isUp = true;
    for (let minutes = 0; minutes < 5; minutes++) await world.pass(MINUTE);
    const since = clear();
    assert.ok(since && Date.parse(since) > world.clock.now() - 10 * MINUTE, 'clear again, since the outage ended');
    await world.pass(10 * MINUTE);
    assert.equal(clear(), since, 'and since then');
  });

  it('that another worker carried is clear, although this one saw the external system away and has nothing to send', async () => {
    const world = await open(1);
    world.isUp = false;
    for (let minutes = 0; minutes < 5; minutes++) await world.pass(MINUTE);
    const clear = (): string | null | undefined => world.salesforce.heartbeats.at(-1)?.clearSince;
    assert.equal(clear(), null, 'it cannot leave');
    await world.db.query(
      "UPDATE message SET state = 'done', head = false, settled_at = queued_at WHERE state <> 'done'",
    );
    for (let minutes = 0; minutes < 40; minutes++) await world.pass(MINUTE);
    assert.ok(clear(), 'the job may ask for it again');
  });

  it('that was carried and lost outside is clear, however many pages it fills', async () => {
    const world = await open(9);
    world.salesforce.mostRows = 2;
    world.external.send = async (messages) => messages.map(({ id }) => ({ id, accepted: true }));
    for (let minutes = 0; minutes < 10; minutes++) await world.pass(MINUTE);
    const since = world.salesforce.heartbeats.at(-1)?.clearSince;
    assert.ok(since, 'all was read and has left');
    for (let minutes = 0; minutes < 20; minutes++) await world.pass(MINUTE);
    assert.equal(world.salesforce.heartbeats.at(-1)?.clearSince, since, 'the job may ask for it again');
  });

  it('tells at most once a minute, within calls that are made anyway', async () => {
    const world = await open(1);
    for (let seconds = 0; seconds < 600; seconds += 10) await world.pass(10_000);
    const told = world.salesforce.heartbeats.length;
    assert.ok(told >= 9 && told <= 12, `${told} heartbeats in ten minutes`);
  });

  it('is not left alone for days because a clock was days ahead for one sweep', async () => {
    const world = await open(1);
    await world.run();
    await database.db.query(
      `UPDATE sweep_state SET next_sweep_at = $1, swept_at = $1, lease = 'another', lease_until = $1`,
      [new Date(world.clock.now() + 3 * DAY)],
    );
    const { key } = world.salesforce.createCase({ Subject: 'a' });
    await world.pass(MINUTE);
    await world.pass(MINUTE);
    assert.equal(world.salesforce.cases.get(key)!.status, 'Success');
  });

  it('is swept once an interval by workers whose clocks differ by seconds', async () => {
    const world = await open(1);
    await world.run();
    // as a worker leaves it whose clock is half a minute ahead
    const ahead = new Date(world.clock.now() + 30_000);
    await database.db.query('UPDATE sweep_state SET next_sweep_at = $1, swept_at = $2', [
      new Date(ahead.getTime() + 10_000),
      ahead,
    ]);
    const calls = async (): Promise<number> =>
      (await world.call('GET', '/v1/status')).json.flows.cases.counters.salesforceApiCalls;
    const before = await calls();
    for (let seconds = 0; seconds < 30; seconds += 10) await world.pass(10_000);
    assert.equal(await calls(), before, 'the sweep of the other is believed');
    await world.pass(20_000);
    assert.ok((await calls()) > before);
  });

  it('leaves alone what a worker holds whose clock differs by seconds, and not what one holds for days', async () => {
    const world = await open(1);
    await world.run();
    const [message] = await database.db.query<{ seq: number }>('SELECT max(seq) AS seq FROM message');
    const lease = (ms: number): Promise<unknown> =>
      database.db.query(
        "UPDATE message SET state = 'sending', lease = 'another', lease_until = $1, settled_at = NULL, head = true WHERE seq = $2",
        [new Date(world.clock.now() + ms), message!.seq],
      );
    const held = async (): Promise<number> =>
      (await database.db.query("SELECT 1 FROM message WHERE lease = 'another'")).length;
    await lease(2 * MINUTE + 30_000);
    await world.pass(10_000);
    assert.equal(await held(), 1);
    await lease(3 * DAY);
    await world.pass(10_000);
    await world.pass(10_000);
    assert.equal(await held(), 0);
  });

  it('does not wait for days for what such a clock put off, and says what happened', async () => {
    const world = await open(1);
    world.isUp = false;
    await world.run();
    await database.db.query('UPDATE message SET next_attempt_at = $1, turn_at = $1', [
      new Date(world.clock.now() + 3 * DAY),
    ]);
    await database.db.query('UPDATE sweep_state SET swept_at = $1', [new Date(world.clock.now() + 3 * DAY)]);
    const { problems } = (await world.call('GET', '/ready')).json;
    assert.ok(
      problems.some((problem: string) => problem.includes('s in the future')),
      String(problems),
    );
    world.isUp = true;
    for (let minutes = 0; minutes < 20; minutes++) await world.pass(MINUTE);
    assert.equal(withStatus(world, 'Success'), 1);
  });

  it('has its depths counted without looking at it', async () => {
    const world = await open(300);
    world.isUp = false;
    await world.pass(MINUTE);
    const { queue } = (await world.call('GET', '/v1/status')).json;
    assert.equal(queue.open, 300);
    assert.deepEqual(
      queue.messages.map(({ target, kind, state, count }: Record<string, unknown>) => [target, kind, state, count]),
      [['external', 'request', 'queued', 300]],
    );
    world.isUp = true;
    for (let minutes = 0; minutes < 3; minutes++) await world.pass(MINUTE);
    assert.deepEqual((await world.call('GET', '/v1/status')).json.queue.messages, []);
  });
});
