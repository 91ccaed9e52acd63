import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ManualClock } from 'kernel/clock.ts';
import { randomUuid, seededRandom } from 'kernel/random.ts';
import { usageBetween } from '../../../src/flows/usage/carried/flow.ts';
import type { ReportLine } from '../../../src/flows/usage/carried/salesforce.ts';
import { TargetUnavailable } from '../../../src/middle-layer/clients/errors.ts';
import { ensureFlow } from '../../../src/middle-layer/db/flow-state.ts';
import { assemble, type MiddleLayer } from '../../../src/middle-layer/index.ts';
import type { AdMessage, AdOutcomeMessage } from '../../../src/shared/usage-messages.ts';
import { testDatabase } from '../../middle-layer/support/database.ts';

const OPERATOR = 'operator';
const APPLICATION = 'application';

describe('the usage flow in the middle layer', () => {
  const random = seededRandom(3);
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let clock: ManualClock;
  let layer: MiddleLayer;
  let reported: AdMessage[][];
  let told: AdOutcomeMessage[];
  let answer: (ad: AdMessage) => Partial<ReportLine>;
  let calls: number;
  let salesforceIsAway: boolean;
  before(async () => (database = await testDatabase()));
  after(() => database.close());

  beforeEach(async () => {
    await database.reset();
    await ensureFlow(database.db, 'usage');
    clock = new ManualClock(Date.parse('2026-11-27T08:00:00Z'));
    reported = [];
    told = [];
    calls = 0;
    salesforceIsAway = false;
    answer = () => ({ outcome: 'APPLIED' });
    layer = await assemble(
      {
        db: database.db,
        clock,
        random,
        settings: {
          salesforceLingerMs: 0,
          callers: { external: { usage: APPLICATION }, operator: OPERATOR, intake: null },
        },
      },
      [
        usageBetween({
          salesforce: {
            report: async (ads) => {
              calls += 1;
              if (salesforceIsAway) throw new TargetUnavailable('NO_ANSWER', 'away');
              reported.push([...ads]);
              return ads.map((ad) => ({
                adId: ad.adId,
                version: ad.version,
                outcome: 'APPLIED',
                errorCode: null,
                message: null,
                retryable: false,
                ...answer(ad),
              }));
            },
            takeCallCount: () => {
              const taken = calls;
              calls = 0;
              return taken;
            },
          },
          service: {
            send: async (messages) => {
              told.push(...messages);
              return messages.map(({ id }) => ({ id, accepted: true }));
            },
          },
        }),
      ],
    );
  });

  const ad = (more: Partial<AdMessage> = {}): AdMessage => ({
    kind: 'ad',
    id: randomUuid(random),
    adId: randomUuid(random),
    version: 1,
    title: 'Banner',
    contractNumber: '00000100',
    currency: 'EUR',
    bookedAt: '2026-11-27T08:00:00Z',
    cancelled: false,
    uses: [{ position: 1, productNumber: 'SMALL', units: '1' }],
    ...more,
  });
  const call = async (method: string, url: string, body: object = {}, token = OPERATOR): Promise<any> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await layer.handle({ method, url, headers, body: JSON.stringify(body) });
    return { status: response.status, ...JSON.parse(response.body) };
  };
  const post = (...messages: unknown[]): Promise<any> => call('POST', '/v1/usage/ads', { messages }, APPLICATION);
  /** Lets everything that is due be carried, a moment after the other. */
  const run = async (): Promise<void> => {
    for (let passes = 0; passes < 6; passes++) {
      await layer.step();
      await clock.advance(1_000);
    }
  };

  it('reports ads in one call, and tells the application what became of each', async () => {
    answer = ({ title }) =>
      title === 'late' ? { outcome: 'EXCEPTION', errorCode: 'FULFILLED', message: 'it is fulfilled' } : {};
    const [first, late] = [ad(), ad({ title: 'late' })];
    const { status, results } = await post(first, late);
    assert.deepEqual([status, results.map(({ accepted }: any) => accepted)], [202, [true, true]]);
    await run();
    assert.equal(reported.length, 1);
    assert.deepEqual(
      told.map(({ adId, version, outcome, errorCode }) => [adId, version, outcome, errorCode]).toSorted(),
      [
        [first.adId, 1, 'APPLIED', null],
        [late.adId, 1, 'EXCEPTION', 'FULFILLED'],
      ].toSorted(),
    );
  });

  it('takes a redelivery once, and the newest version of an ad that waits', async () => {
    const first = ad();
    await post(first);
    await post(first);
    await post(ad({ adId: first.adId, version: 3, title: 'third' }));
    await post(ad({ adId: first.adId, version: 2, title: 'second' }));
    await run();
    assert.deepEqual(
      reported.flat().map(({ version }) => version),
      [3],
    );
  });

  it('refuses a malformed ad by itself, and a batch that is none', async () => {
    const { results } = await post(
      ad({ uses: [{ position: 1, productNumber: 'A', units: '1e3' }] }),
      ad({ contractNumber: 'a\0' }),
      ad({ uses: [] }),
      ad(),
    );
    assert.deepEqual(
      results.map(({ accepted, errorCode, retryable }: any) => [accepted, errorCode, retryable]),
      [
        [false, 'MALFORMED_MESSAGE', false],
        [false, 'MALFORMED_MESSAGE', false],
        [false, 'MALFORMED_MESSAGE', false],
        [true, undefined, undefined],
      ],
    );
    assert.match(results[0].message, /^uses\[0\]\.units must be a decimal/);
    assert.equal((await call('POST', '/v1/usage/ads', { messages: 'x' }, APPLICATION)).status, 400);
    assert.equal((await call('POST', '/v1/usage/ads', { messages: [ad()] }, 'guess')).status, 401);
  });

  it('waits out row locks and outages without using up attempts', async () => {
    let locked = 8;
    answer = () => (locked-- > 0 ? { outcome: 'REFUSED', errorCode: 'UNABLE_TO_LOCK_ROW', retryable: true } : {});
    salesforceIsAway = true;
    await post(ad());
    for (let hours = 0; hours < 4; hours++) {
      await layer.step();
      await clock.advance(60 * 60_000);
    }
    salesforceIsAway = false;
    for (let tries = 0; tries < 60 && told.length === 0; tries++) {
      await layer.step();
      await clock.advance(60_000);
    }
    assert.deepEqual(
      told.map(({ outcome }) => outcome),
      ['APPLIED'],
    );
    assert.deepEqual((await call('GET', '/v1/dead-letters')).deadLetters, []);
  });

  it('makes a dead letter of what Salesforce refuses for good, tells the application, and sends it again when asked', async () => {
    let refuses = true;
    answer = ({ title }) =>
      title === 'poison' && refuses ? { outcome: 'REFUSED', errorCode: 'INVALID_FIELD', message: 'no such field' } : {};
    await post(ad({ title: 'poison' }), ad({ title: 'good' }));
    await run();
    assert.deepEqual(
      told.map(({ outcome }) => outcome),
      ['APPLIED'],
      'the good one waits for nobody',
    );
    for (let tries = 0; tries < 12; tries++) {
      await layer.step();
      await clock.advance(60 * 60_000);
    }
    assert.deepEqual(
      told.map(({ outcome, errorCode }) => [outcome, errorCode]),
      [
        ['APPLIED', null],
        ['REFUSED', 'INVALID_FIELD'],
      ],
    );
    refuses = false;
    assert.equal((await call('POST', '/v1/dead-letters/retry', { flow: 'usage' })).retried, 1);
    await run();
    assert.equal(told.at(-1)!.outcome, 'APPLIED');
  });
});
