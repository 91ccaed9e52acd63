import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ManualClock } from 'kernel/clock.ts';
import { json, TransportError, type HttpRequest, type HttpResponse } from 'kernel/http.ts';
import { seededRandom } from 'kernel/random.ts';
import { IntegrationClient } from '../../src/middle-layer/clients/salesforce/integration-client.ts';
import { SYNC_REQUESTED } from '../../src/flows/cases/carried/flow.ts';
import { runStream } from '../../src/middle-layer/clients/salesforce/stream.ts';

type Reply = Record<string, unknown>;

/** A server whose answers to each channel are queued by the test; an empty queue holds the request until the end. */
class FakeStreaming {
  readonly seen: (Record<string, any> & { cookie?: string })[] = [];
  readonly answers: Record<string, ((message: any) => HttpResponse | Error)[]> = {};
  readonly clock = new ManualClock(Date.parse('2026-11-21T07:30:00Z'));
  readonly stopped = new AbortController();
  readonly arrived: (number | null)[] = [];
  deliveries = 0;
  readonly logs: string[] = [];
  stored: number | null = null;

  on(channel: string, ...replies: (Reply | Reply[] | Error | ((message: any) => HttpResponse))[]): this {
    (this.answers[channel] ??= []).push(
      ...replies.map((reply) => (message: any): HttpResponse | Error => {
        if (reply instanceof Error) return reply;
        if (typeof reply === 'function') return reply(message);
        const [own, ...others] = Array.isArray(reply) ? reply : [reply];
        return json(200, [...others, { channel, successful: true, ...own }]);
      }),
    );
    return this;
  }

  transport = async (request: HttpRequest): Promise<HttpResponse> => {
    const [message] = JSON.parse(request.body) as [Record<string, any>];
    this.seen.push({ ...message, ...(request.headers.cookie ? { cookie: request.headers.cookie } : {}) } as any);
    const answer = this.answers[message.channel as string]?.shift();
    if (!answer) {
      this.stopped.abort();
      throw new TransportError('gone');
    }
    const result = answer(message);
    if (result instanceof Error) throw result;
    return result;
  };

  /** Listens until a message comes for which there is no answer. */
  async run(): Promise<void> {
    const rest = new IntegrationClient({
      instanceUrl: 'http://org',
      auth: { kind: 'accessToken', accessToken: '00D000000000001!x' },
      transport: this.transport,
      clock: this.clock,
    });
    const listening = runStream(
      {
        rest,
        transport: this.transport,
        channel: SYNC_REQUESTED,
        lastReplayId: async () => this.stored,
        onEvents: async (replayId, deliveries) => {
          this.arrived.push(replayId);
          this.deliveries += deliveries;
        },
        clock: this.clock,
        random: seededRandom(1),
        backoff: { baseMs: 1_000, maxMs: 60_000 },
        log: (_level, event) => this.logs.push(event),
      },
      this.stopped.signal,
    );
    while (!this.stopped.signal.aborted) await this.clock.advance(100_000);
    await listening;
  }

  channels(): string[] {
    return this.seen.map(({ channel }) => channel.replace('/meta/', ''));
  }
}

const shaken = { clientId: 'client' };
const event = (replayId: number): Reply => ({ channel: SYNC_REQUESTED, data: { payload: {}, event: { replayId } } });

describe('the stream of sync requests', () => {
  it('shakes hands, subscribes to new events, asks for a sweep, and tells the newest replay id of what comes', async () => {
    const server = new FakeStreaming()
      .on('/meta/handshake', () =>
        json(200, [{ channel: '/meta/handshake', successful: true, ...shaken }], { 'set-cookie': 'a=1; Path=/\nb=2' }),
      )
      .on('/meta/subscribe', {})
      .on('/meta/connect', {}, [{}, event(7), event(9), event(8)]);
    await server.run();
    assert.deepEqual(server.channels(), ['handshake', 'subscribe', 'connect', 'connect', 'connect']);
    assert.deepEqual(server.seen[0]!.ext, { replay: true });
    assert.deepEqual(server.seen[1]!.ext, { replay: { [SYNC_REQUESTED]: -1 } });
    assert.ok(server.seen.slice(1).every(({ clientId, cookie }) => clientId === 'client' && cookie === 'a=1; b=2'));
    assert.deepEqual(server.arrived, [null, 9]);
    assert.equal(server.deliveries, 3, 'each counts, however many come in one answer');
  });

  it('goes on after the stored replay id', async () => {
    const server = new FakeStreaming().on('/meta/handshake', shaken).on('/meta/subscribe', {});
    server.stored = 41;
    await server.run();
    assert.deepEqual(server.seen[1]!.ext, { replay: { [SYNC_REQUESTED]: 41 } });
  });

  it('subscribes to new events first, then asks for a sweep, when the stored replay id has expired', async () => {
    const server = new FakeStreaming()
      .on('/meta/handshake', shaken)
      .on(
        '/meta/subscribe',
        { successful: false, error: '400::The replayId {41} you provided was invalid. Please provide a valid ID' },
        {},
      );
    server.stored = 41;
    await server.run();
    assert.deepEqual(
      server.seen.slice(1, 3).map(({ ext }) => ext.replay[SYNC_REQUESTED]),
      [41, -1],
    );
    assert.deepEqual(server.arrived, [null]);
    assert.deepEqual(server.channels(), ['handshake', 'subscribe', 'subscribe', 'connect']);
  });

  it('shakes hands again when told to, when the line breaks, and when the client is forgotten', async () => {
    const server = new FakeStreaming()
      .on('/meta/handshake', shaken, shaken, shaken, shaken)
      .on('/meta/subscribe', {}, {}, {}, {})
      .on('/meta/connect', { advice: { reconnect: 'handshake' } }, new TransportError('reset'), {
        successful: false,
        error: '403::Unknown client',
      });
    await server.run();
    assert.equal(server.channels().filter((channel) => channel === 'handshake').length, 4);
    assert.deepEqual(server.arrived, [null, null, null, null]);
  });

  it('keeps trying, with a pause, while the user may not subscribe', async () => {
    const refused = { successful: false, error: '403:denied_by_security_policy:create_denied' };
    const server = new FakeStreaming().on('/meta/handshake', shaken, shaken).on('/meta/subscribe', refused);
    const start = server.clock.now();
    await server.run();
    assert.ok(server.logs.includes('stream ended'));
    assert.ok(server.clock.now() > start);
    assert.deepEqual(server.arrived, []);
  });
});
