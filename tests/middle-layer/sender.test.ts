/** Several batches of one target under way at once. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';
import { lockKeys } from '../../src/middle-layer/db/keys.ts';
import { withBudget } from '../../src/middle-layer/budget.ts';
import type { Sending } from '../../src/middle-layer/flow.ts';
import { Notices } from '../../src/middle-layer/notices.ts';
import { Circuit } from '../../src/middle-layer/queue/circuit.ts';
import { enqueue } from '../../src/middle-layer/queue/enqueue.ts';
import { createSender, type Sender } from '../../src/middle-layer/queue/sender.ts';
import { DEFAULT_SETTINGS } from '../../src/middle-layer/settings.ts';
import type { ClaimedMessage, FlowContext, Timed } from '../../src/middle-layer/types.ts';
import { testDatabase } from './support/database.ts';

const DONE: Timed = { is: 'done', outcome: 'ACCEPTED', durationMs: 0 };
const AWAY: Timed = { is: 'unavailable', code: 'HTTP_503', durationMs: 0 };

describe('a sender', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let context: FlowContext;
  let clock: ManualClock;
  let circuit: Circuit;
  let answer: (messages: ClaimedMessage[]) => Timed[];
  before(async () => (database = await testDatabase()));
  beforeEach(async () => {
    await database.reset();
    await database.db.query('UPDATE flow_state SET pause = NULL');
    clock = new ManualClock(1_000_000);
    const random = seededRandom(1);
    const settings = DEFAULT_SETTINGS;
    context = withBudget({
      flow: 'cases',
      db: database.db,
      clock,
      random,
      settings,
      log: () => {},
      worker: 'w',
      notices: new Notices(() => {}),
    });
    circuit = new Circuit(settings.outage, random);
    answer = (messages) => messages.map(() => DONE);
  });
  after(() => database.close());

  const open = (sending: Sending): Sender =>
    createSender(
      context,
      'external',
      async (messages) => answer(messages),
      async () => [],
      circuit,
      sending,
    );

  let serial = 0;
  const put = (...keys: string[]): Promise<void> =>
    database.db.transaction(async (tx) => {
      await lockKeys(tx, 'cases', keys);
      const about = { target: 'external', kind: 'request', version: 1, attempt: 0, revision: null, ordinal: null };
      const drafts = keys.map((key) => ({ ...about, id: `m${(serial += 1)}`, key, begins: true, payload: {} }));
      await enqueue(context, tx, drafts);
    });
  const keysOf = (batch: Awaited<ReturnType<Sender['claim']>>): string[] | null =>
    batch && batch.messages.map(({ key }) => key);

  it('has as many batches under way as it has lanes, each of other keys', async () => {
    const sender = open({ lanes: 2 });
    await put('a');
    const first = await sender.claim();
    await put('a', 'b');
    const second = await sender.claim();
    await put('c');
    assert.deepEqual([keysOf(first), keysOf(second), await sender.claim()], [['a'], ['b'], null]);
    assert.equal(sender.isFull(), true);
    await sender.carry(second!);
    const third = await sender.claim();
    assert.deepEqual(keysOf(third), ['c'], 'the second message of a key waits for the first');
    await sender.carry(first!);
    assert.deepEqual(keysOf(await sender.claim()), ['a']);
  });

  it('sends one batch at a time to a target that recovers', async () => {
    const sender = open({ lanes: 2 });
    answer = (messages) => messages.map(() => AWAY);
    await put('a', 'b', 'c');
    await sender.pass();
    await clock.advance(60_000);
    answer = (messages) => messages.map(() => DONE);
    const probe = await sender.claim();
    assert.deepEqual([keysOf(probe), sender.isFull(), await sender.claim()], [['a'], true, null]);
    await sender.carry(probe!);
    assert.deepEqual(keysOf(await sender.claim()), ['b', 'c']);
  });

  it('frees what it has leased and does not work on, and nothing else', async () => {
    const sender = open({ lanes: 2 });
    await put('a', 'b');
    await database.db.query(
      "UPDATE message SET state = 'sending', lease = 'w/lost', lease_until = now() + interval '1 year' WHERE key = 'b'",
    );
    const batch = await sender.claim();
    assert.equal(await sender.release(), 1);
    assert.deepEqual([keysOf(batch), keysOf(await sender.claim())], [['a'], ['b']]);
  });

  it('gathers what comes after many came at once', async () => {
    const sender = open({ gatherMs: 1_000 });
    await put('a');
    assert.equal(await sender.pass(), true);
    await clock.advance(20);
    await put(...Array.from({ length: 25 }, (_, index) => `k${index}`));
    assert.equal(await sender.pass(), true);
    await put('z');
    await clock.advance(499);
    assert.equal(await sender.pass(), false);
    await clock.advance(1);
    assert.equal(await sender.pass(), true);
  });
});
