import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { StreamEvents } from '../../src/flows/cases/carried/flow.ts';
import { testDatabase } from './support/database.ts';
import { World } from './support/world.ts';

const CHANNEL = '/event/Case_Sync_Requested__e';

/** A stream that stays open until it is ended. */
class Streams {
  opened = 0;
  ended = 0;
  events: StreamEvents | null = null;

  readonly stream = async (events: StreamEvents, signal: AbortSignal): Promise<void> => {
    this.opened++;
    this.events = events;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    this.ended++;
  };
}

/** Lets what was aborted end. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('what events cost the org', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let world: World;
  let streams: Streams;
  let stop: AbortController;
  let listening: Promise<void>;
  before(async () => (database = await testDatabase()));
  beforeEach(async () => {
    await database.reset();
    streams = new Streams();
    stop = new AbortController();
    world = await World.open(database.db, {}, { ports: (ports) => ({ ...ports, stream: streams.stream }) });
    listening = world.layer.listen(stop.signal);
    await turn();
  });
  after(() => database.close());
  const end = async (): Promise<void> => {
    stop.abort();
    await listening;
  };

  it('each delivery is counted, and the count outlives a restart', async () => {
    await streams.events!.arrived(CHANNEL, null, 0);
    await streams.events!.arrived(CHANNEL, 5, 3);
    await streams.events!.arrived(CHANNEL, 9, 1);
    await end();
    await world.start();
    assert.equal((await world.call('GET', '/v1/status')).json.flows.cases.counters.eventDeliveries, 4);
  });

  it('an org that polls only is not listened to, and what is pending leaves at the poll interval', async () => {
    await world.sweep();
    assert.deepEqual([streams.opened, streams.ended], [1, 0]);

    world.salesforce.settings.pollOnly = true;
    await world.sweep();
    await turn();
    assert.deepEqual([streams.opened, streams.ended], [1, 1], 'no connection is held');
    assert.ok(world.logs.some(({ event }) => event === 'poll only'));
    const created = world.salesforce.createCase({ Subject: 'a' });
    await world.pass(60_000);
    assert.equal(created.status, 'Success');

    world.salesforce.settings.pollOnly = false;
    await world.sweep();
    await turn();
    assert.deepEqual([streams.opened, streams.ended], [2, 1], 'events are listened to again');
    assert.equal(world.logs.filter(({ event }) => event === 'poll only').length, 1, 'told once');
    await end();
    assert.equal(streams.ended, 2);
  });
});
