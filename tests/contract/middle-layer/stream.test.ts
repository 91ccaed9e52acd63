import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ManualClock } from 'kernel/clock.ts';
import type { Transport } from 'kernel/http.ts';
import { seededRandom } from 'kernel/random.ts';
import { createOrg } from 'local-org';
import type { Org } from 'local-org/types.ts';
import { IntegrationClient } from '../../../src/middle-layer/clients/salesforce/integration-client.ts';
import { SYNC_REQUESTED } from '../../../src/flows/cases/carried/flow.ts';
import { runStream } from '../../../src/middle-layer/clients/salesforce/stream.ts';

/** A listener that runs until it is stopped; `next` resolves with what it is told next. */
class Listener {
  readonly #stop = new AbortController();
  readonly #told: (number | null)[] = [];
  #waiting: ((replayId: number | null) => void) | null = null;
  readonly #running: Promise<void>;

  constructor(org: Org, clock: ManualClock, stored: number | null) {
    const transport: Transport = (request) => org.handle({ ...request, url: request.url.replace('http://org', '') });
    const auth = { kind: 'accessToken', accessToken: org.info.accessToken } as const;
    this.#running = runStream(
      {
        rest: new IntegrationClient({ instanceUrl: 'http://org', auth, transport, clock }),
        transport,
        channel: SYNC_REQUESTED,
        lastReplayId: async () => stored,
        onEvents: async (replayId) => {
          if (this.#waiting) this.#waiting(replayId);
          else this.#told.push(replayId);
          this.#waiting = null;
        },
        clock,
        random: seededRandom(1),
        backoff: { baseMs: 1_000, maxMs: 60_000 },
        log: () => {},
      },
      this.#stop.signal,
    );
  }

  next(): Promise<number | null> {
    if (this.#told.length) return Promise.resolve(this.#told.shift()!);
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}

describe('the stream of sync requests on a local org', () => {
  const clock = new ManualClock(Date.parse('2026-11-21T07:30:00Z'));
  let org: Org;
  before(() => {
    const projectDir = fileURLToPath(new URL('../../../', import.meta.url));
    org = createOrg({ projectDir, clock, random: seededRandom(1) });
    assert.ok(org.executeAnonymous('ConcordSetup.activateSync();').success);
  });
  after(() => org.close());
  const createCase = (): void => {
    const { exceptionMessage } = org.executeAnonymous("insert new Case(Subject = 'a');");
    assert.equal(exceptionMessage, null);
  };

  it(
    'tells of events as they come, of missed ones after a restart, and of none twice',
    { timeout: 60_000 },
    async () => {
      const first = new Listener(org, clock, null);
      assert.equal(await first.next(), null);
      createCase();
      const replayId = await first.next();
      assert.ok(replayId! > 0);
      await first.stop();

      createCase();
      const second = new Listener(org, clock, replayId);
      assert.equal(await second.next(), null);
      const missed = await second.next();
      assert.ok(missed! > replayId!);
      await second.stop();
    },
  );

  it('starts again where the stored replay id is not known', { timeout: 60_000 }, async () => {
    const listener = new Listener(org, clock, 999_999);
    assert.equal(await listener.next(), null);
    createCase();
    assert.ok((await listener.next())! > 0);
    await listener.stop();
  });
});
