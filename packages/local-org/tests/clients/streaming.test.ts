/** Unmodified jsforce on the Streaming API: subscriptions and replay over real long polls. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import jsforce from 'jsforce';
import { StreamingExtension } from 'jsforce/lib/api/streaming.js';
import { servedOrg, type ServedOrg } from './support/served-org.ts';

interface EventMessage {
  payload: { Text__c: string };
  event: { replayId: number };
}

const CHANNEL = '/event/Widget_Event__e';
let served: ServedOrg;
let connection: jsforce.Connection;

before(async () => {
  served = await servedOrg();
  connection = new jsforce.Connection({
    instanceUrl: served.url,
    accessToken: served.org.info.accessToken,
    version: '67.0',
  });
});
after(() => served.close());

/** Subscribes and answers the next `count` events. */
const listen = async (replayId: number, count: number): Promise<{ events: Promise<EventMessage[]> }> => {
  const client = connection.streaming.createClient([new StreamingExtension.Replay(CHANNEL, replayId)]);
  // The client's types leave it out. Until it is done the client would try to connect again.
  const disconnect = async (): Promise<void> => (client as unknown as { disconnect(): PromiseLike<void> }).disconnect();
  const received: EventMessage[] = [];
  const { promise, resolve } = Promise.withResolvers<EventMessage[]>();
  const subscription = client.subscribe(CHANNEL, (message: EventMessage) => {
    received.push(message);
    if (received.length === count) resolve(received);
  });
  try {
    await subscription;
  } catch (error) {
    await disconnect();
    throw error;
  }
  return { events: promise.finally(disconnect) };
};

const publish = (text: string) => connection.sobject('Widget_Event__e').create({ Text__c: text });
const texts = (events: EventMessage[]): string[] => events.map(({ payload }) => payload.Text__c);

test('receives events as they are published, over the API and from triggers', async () => {
  const { events } = await listen(-1, 2);
  await publish('direct');
  await connection.sobject('Widget__c').create({ Name: 'from trigger' });
  assert.deepEqual(texts(await events), ['direct', 'from trigger']);
});

test('replays what was published before', async () => {
  const all = await (await listen(-2, 2)).events;
  assert.deepEqual(texts(all), ['direct', 'from trigger']);
  const rest = await (await listen(all[0]!.event.replayId, 1)).events;
  assert.deepEqual(texts(rest), ['from trigger']);
});

test('an invalid replay id is an error of the subscription', async () => {
  await assert.rejects(listen(999_999, 1), /The replayId \{999999\} you provided was invalid/);
});
