import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADMIN, AGENT, fakeStore } from '../support/fake-store.ts';
import { ADMIN_TOKEN, fakeOrg, type FakeOrg, type SendOptions } from '../support/fake-org.ts';

type Message = Record<string, unknown> & {
  channel: string;
  successful?: boolean;
  data?: { payload: Record<string, unknown>; event: { replayId: number } };
};

const CHANNEL = '/event/First__e';
const WAIT = 110_000;

const post = async (org: FakeOrg, messages: unknown, options: SendOptions = {}): Promise<Message[]> =>
  JSON.parse((await org.send('POST', '/cometd/67.0', { body: messages, ...options })).body) as Message[];

const handshake = async (org: FakeOrg): Promise<string> => {
  const [reply] = await post(org, [
    { channel: '/meta/handshake', version: '1.0', supportedConnectionTypes: ['long-polling'], id: '1' },
  ]);
  assert.equal(reply!.successful, true);
  assert.deepEqual(reply!.ext, { replay: true, 'payload.format': true });
  return reply!.clientId as string;
};

const subscribe = (org: FakeOrg, clientId: string, replay?: number, channel = CHANNEL): Promise<Message[]> =>
  post(org, [
    {
      channel: '/meta/subscribe',
      clientId,
      subscription: channel,
      id: '2',
      ...(replay === undefined ? {} : { ext: { replay: { [channel]: replay } } }),
    },
  ]);

const connect = (org: FakeOrg, clientId: string, options?: SendOptions): Promise<Message[]> =>
  post(org, [{ channel: '/meta/connect', clientId, connectionType: 'long-polling', id: '3' }], options);

const texts = (messages: Message[]): unknown[] => messages.flatMap(({ data }) => (data ? [data.payload.Text__c] : []));

test('holds a connect until an event arrives', async () => {
  const org = fakeOrg();
  const clientId = await handshake(org);
  assert.equal((await subscribe(org, clientId))[0]!.successful, true);
  const waiting = connect(org, clientId);
  org.store.publish('Second__e', { Text__c: 'not subscribed' });
  org.store.publish('First__e', { Text__c: 'hello', At__c: Date.UTC(2026, 0, 2) });
  const [event, reply] = await waiting;
  assert.deepEqual(event!.data!.payload, {
    CreatedDate: '2026-11-21T07:30:00.000Z',
    CreatedById: ADMIN.id,
    Text__c: 'hello',
    At__c: '2026-01-02T00:00:00.000Z',
  });
  assert.deepEqual(event!.data!.event, { EventUuid: 'uuid-2', replayId: 2, EventApiName: 'First__e' });
  assert.equal(reply!.channel, '/meta/connect');
  assert.equal(reply!.successful, true);
});

test('answers a connect without events when its time is up', async () => {
  const org = fakeOrg();
  const clientId = await handshake(org);
  await subscribe(org, clientId);
  let answered = false;
  const waiting = connect(org, clientId).finally(() => (answered = true));
  await org.clock.advance(WAIT - 1);
  assert.equal(answered, false);
  await org.clock.advance(1);
  assert.deepEqual(texts(await waiting), []);
});

test('answers at once when the client asks for it, and when other messages come along', async () => {
  const org = fakeOrg();
  const clientId = await handshake(org);
  const [reply] = await post(org, [{ channel: '/meta/connect', clientId, advice: { timeout: 0 } }]);
  assert.deepEqual(reply!.advice, { reconnect: 'retry', interval: 0, timeout: WAIT });
  const replies = await post(org, [
    { channel: '/meta/connect', clientId },
    { channel: '/meta/subscribe', clientId, subscription: CHANNEL },
  ]);
  assert.deepEqual(
    replies.map(({ channel }) => channel),
    ['/meta/subscribe', '/meta/connect'],
  );
});

test('replays what is retained, or what came after an event, and delivers nothing twice', async () => {
  const org = fakeOrg();
  for (const text of ['a', 'b', 'c']) org.store.publish('First__e', { Text__c: text });
  const all = await handshake(org);
  await subscribe(org, all, -2);
  assert.deepEqual(texts(await connect(org, all)), ['a', 'b', 'c']);
  const later = await handshake(org);
  await subscribe(org, later, 2);
  assert.deepEqual(texts(await connect(org, later)), ['c']);
  org.store.publish('First__e', { Text__c: 'd' });
  assert.deepEqual(texts(await connect(org, all)), ['d']);
  assert.deepEqual(texts(await connect(org, later)), ['d']);
});

test('events of several channels come in the order of their replay ids', async () => {
  const org = fakeOrg();
  org.store.publish('Second__e', { Text__c: '1' });
  org.store.publish('First__e', { Text__c: '2' });
  org.store.publish('Second__e', { Text__c: '3' });
  const clientId = await handshake(org);
  await subscribe(org, clientId, -2);
  await subscribe(org, clientId, -2, '/event/Second__e');
  assert.deepEqual(texts(await connect(org, clientId)), ['1', '2', '3']);
});

test("refuses a replay id that is no longer retained, in Salesforce's words", async () => {
  const org = fakeOrg();
  org.store.publish('First__e', { Text__c: 'old' });
  await org.clock.advance(80 * 3_600_000);
  const clientId = await handshake(org);
  for (const replay of [-3, 99, 0]) {
    const [reply] = await subscribe(org, clientId, replay);
    assert.equal(reply!.successful, false);
    assert.equal(
      reply!.error,
      `400::The replayId {${replay}} you provided was invalid. Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.`,
    );
  }
  assert.equal((await subscribe(org, clientId, -2))[0]!.successful, true);
});

test('a subscription added while a connect waits is served by it', async () => {
  const org = fakeOrg();
  org.store.publish('First__e', { Text__c: 'kept' });
  const clientId = await handshake(org);
  const waiting = connect(org, clientId);
  await subscribe(org, clientId, -2);
  assert.deepEqual(texts(await waiting), ['kept']);
});

test('events stay for a client whose connection broke', async () => {
  const org = fakeOrg();
  const clientId = await handshake(org);
  await subscribe(org, clientId);
  const gone = new AbortController();
  const broken = connect(org, clientId, { signal: gone.signal });
  gone.abort();
  await broken;
  org.store.publish('First__e', { Text__c: 'later' });
  assert.deepEqual(texts(await connect(org, clientId)), ['later']);
});

test('an unknown client is told to shake hands', async () => {
  const org = fakeOrg();
  const [reply] = await connect(org, 'nobody');
  assert.equal(reply!.error, '403::Unknown client');
  assert.deepEqual(reply!.advice, { reconnect: 'handshake', interval: 0 });
});

test('a client is unknown after it disconnected, and its waiting connect ends', async () => {
  const org = fakeOrg();
  const clientId = await handshake(org);
  const waiting = connect(org, clientId);
  assert.equal((await post(org, [{ channel: '/meta/disconnect', clientId }]))[0]!.successful, true);
  await waiting;
  assert.equal((await connect(org, clientId))[0]!.error, '403::Unknown client');
});

test('without a session nothing is allowed', async () => {
  const org = fakeOrg();
  const clientId = await handshake(org);
  const [shake] = await post(org, [{ channel: '/meta/handshake', supportedConnectionTypes: ['long-polling'] }], {
    token: null,
  });
  assert.equal(shake!.error, '403::Handshake denied');
  assert.deepEqual(shake!.ext, { sfdc: { failureReason: '401::Request requires authentication' }, replay: true });
  await org.send('POST', `/services/oauth2/revoke?token=${ADMIN_TOKEN}`);
  assert.equal((await connect(org, clientId))[0]!.error, '401::Authentication invalid');
});

test('channels that are no platform event, or not readable, are refused', async () => {
  const org = fakeOrg({ store: fakeStore({ readers: [AGENT.id] }) });
  const clientId = await handshake(org);
  for (const channel of [CHANNEL, '/event/None__e', '/topic/x']) {
    const [reply] = await subscribe(org, clientId, -1, channel);
    assert.equal(reply!.error, '403:denied_by_security_policy:create_denied', channel);
  }
});

test('a session that ends while a connect waits is told when it is answered', async () => {
  const org = fakeOrg();
  const clientId = await handshake(org);
  await subscribe(org, clientId);
  const waiting = connect(org, clientId);
  await org.send('POST', `/services/oauth2/revoke?token=${ADMIN_TOKEN}`);
  await org.clock.advance(WAIT);
  const [reply] = await waiting;
  assert.deepEqual([reply!.error, reply!.advice], ['401::Authentication invalid', { reconnect: 'none', interval: 0 }]);
});
