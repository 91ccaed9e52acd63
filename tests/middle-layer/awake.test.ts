/** Events are the org's: while the middle layer looks by itself, it says so, and looks once more after that. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { Wakefulness, WINDOW_MS } from '../../src/flows/cases/carried/wakefulness.ts';
import { testDatabase } from './support/database.ts';
import { World } from './support/world.ts';

const SECOND = 1_000;
const GAP = 3 * SECOND;

describe('wakefulness', () => {
  const awake = (): Wakefulness => {
    const found = new Wakefulness();
    for (const at of [0, 3_000, 6_000]) found.woken(at);
    return found;
  };

  it('begins with the third sweep that an event asked for within ten seconds', () => {
    const found = new Wakefulness();
    found.woken(0);
    found.woken(1_000);
    assert.equal(found.isAwake(1_000, GAP), false);
    assert.equal(found.due(1_000, 0), null);
    found.woken(2_000);
    assert.equal(found.isAwake(2_000, GAP), true);
    assert.equal(found.due(2_000, 0), 2_000 + WINDOW_MS);
  });

  it('does not begin when they are further apart', () => {
    const found = new Wakefulness();
    for (let at = 0; at < 100_000; at += 6_000) {
      found.woken(at);
      assert.equal(found.isAwake(at, GAP), false);
    }
  });

  it('lasts while something is found, and ends ten seconds after', () => {
    const found = awake();
    found.swept(15_000, 4);
    assert.equal(found.isAwake(24_000, GAP), true);
    found.swept(24_000, 0);
    assert.equal(found.isAwake(25_000, GAP), false);
  });

  it('goes on until after the time that the org was told, so that what came then is found', () => {
    const found = awake();
    found.told(40_000);
    assert.equal(found.isAwake(40_000 + GAP - 1, GAP), true);
    assert.equal(found.isAwake(40_000 + GAP, GAP), false);
  });

  it('is told again before it runs out, and not with each sweep', () => {
    const found = awake();
    const until = found.due(6_000, 0)!;
    found.told(until);
    assert.equal(found.due(7_000, 0), null);
    found.swept(12_000, 1);
    assert.equal(found.due(12_000, 0), 12_000 + WINDOW_MS);
  });

  it('lasts as long as something else keeps it busy', () => {
    const found = new Wakefulness();
    assert.equal(found.due(0, 900_000), 900_000);
    found.told(900_000);
    assert.equal(found.due(10_000, 900_000), null);
    assert.equal(found.due(600_000, 900_000), 1_500_000);
  });

  it('looks a few times for each Case that is to be expected, and less often the longer none comes', () => {
    const found = new Wakefulness();
    assert.equal(found.gapMs(0, GAP), GAP, 'nothing is expected');
    for (let at = 0; at < 10_000; at += 2_000) found.swept(at, 1);
    assert.equal(found.gapMs(8_000, GAP), 500, 'a Case in two seconds');
    assert.equal(found.gapMs(10_000, GAP), 500);
    assert.equal(found.gapMs(14_000, GAP), 1_500, 'none for six seconds');
    found.swept(14_500, 200);
    assert.equal(found.gapMs(14_500, GAP), 200, 'at most five times a second');
    assert.equal(found.gapMs(14_500, 100), 100, 'or as often as is set');
    found.swept(30_000, 0);
    assert.equal(found.gapMs(30_000, GAP), GAP);
  });

  it('forgets what a clock that was ahead has seen', () => {
    const found = new Wakefulness();
    for (const at of [500_000, 501_000, 0]) found.woken(at);
    assert.equal(found.isAwake(0, GAP), false);
    found.swept(500_000, 10);
    found.swept(0, 0);
    assert.equal(found.gapMs(0, GAP), GAP);
  });
});

describe('a middle layer under a stream of saves', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  before(async () => (database = await testDatabase()));
  beforeEach(() => database.reset());
  after(() => database.close());

  /** The org as its trigger behaves: an event for each save, unless it was told that none is needed. */
  const save = async (world: World): Promise<boolean> => {
    world.salesforce.createCase({ Subject: 'a' });
    const until = world.salesforce.heartbeats.findLast(({ awakeUntil }) => awakeUntil)?.awakeUntil;
    const isNeeded = !until || Date.parse(until) <= world.clock.now();
    if (isNeeded) await world.layer.wake();
    return isNeeded;
  };
  const open = async (): Promise<World> => {
    const world = await World.open(database.db);
    world.salesforce.mostRows = 2_000;
    await world.pass(60 * SECOND);
    return world;
  };
  const unanswered = (world: World): number =>
    [...world.salesforce.cases.values()].filter(({ status }) => status !== 'Success').length;

  it('is woken a few times only, and carries each within seconds', async () => {
    const world = await open();
    let events = 0;
    for (let seconds = 0; seconds < 60; seconds++) {
      if (await save(world)) events += 1;
      await world.pass(SECOND);
      assert.ok(unanswered(world) <= 4, `${unanswered(world)} wait after ${seconds} seconds`);
    }
    assert.ok(events <= 4, `${events} events for 60 saves`);
    await world.pass(4 * SECOND);
    assert.equal(unanswered(world), 0);
  });

  it('finds what was saved in the last moment in which it was said to look by itself', async () => {
    const world = await open();
    for (let saves = 0; saves < 5; saves++) {
      await save(world);
      await world.pass(SECOND);
    }
    const until = Date.parse(world.salesforce.heartbeats.findLast(({ awakeUntil }) => awakeUntil)!.awakeUntil!);
    while (world.clock.now() < until - SECOND) await world.pass(SECOND);
    assert.equal(await save(world), false, 'no event');
    await world.pass(4 * SECOND);
    assert.equal(unanswered(world), 0, 'and it was found before the next poll');
  });

  it('is woken by each save when few come', async () => {
    const world = await open();
    for (let saves = 0; saves < 5; saves++) {
      assert.equal(await save(world), true);
      await world.run();
      assert.equal(unanswered(world), 0, 'at once');
      await world.pass(20 * SECOND);
    }
  });
});
