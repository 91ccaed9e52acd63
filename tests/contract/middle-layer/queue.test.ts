import { Notices } from '../../../src/middle-layer/notices.ts';
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ManualClock } from 'kernel/clock.ts';
import { randomUuid, seededRandom } from 'kernel/random.ts';
import type { Database } from '../../../src/shared/sql/types.ts';
import { withBudget } from '../../../src/middle-layer/budget.ts';
import { nextDue, readTargets } from '../../../src/middle-layer/db/depths.ts';
import { claimAlone, claimMessages, releaseLeases } from '../../../src/middle-layer/db/messages.ts';
import { enqueue } from '../../../src/middle-layer/queue/enqueue.ts';
import { lockKeys } from '../../../src/middle-layer/db/keys.ts';
import { Circuit } from '../../../src/middle-layer/queue/circuit.ts';
import { settle } from '../../../src/middle-layer/queue/settle.ts';
import { createSender } from '../../../src/middle-layer/queue/sender.ts';
import { DEFAULT_SETTINGS } from '../../../src/middle-layer/settings.ts';
import type { ClaimedMessage, Draft, FlowContext, Outcome, Timed } from '../../../src/middle-layer/types.ts';
import { resetDatabase } from '../../middle-layer/support/database.ts';
import { candidates } from './databases.ts';

const START = Date.parse('2026-11-21T07:30:00Z');
const MINUTE = 60_000;

for (const candidate of candidates) {
  describe(`the queue on ${candidate.name}`, { skip: candidate.skip }, () => {
    let db: Database;
    let close: () => Promise<void>;
    let clock: ManualClock;
    let random = seededRandom(1);
    before(async () => ({ db, close } = await candidate.open()));
    beforeEach(async () => {
      await resetDatabase(db);
      await db.query('UPDATE flow_state SET pause = NULL');
      clock = new ManualClock(START);
      random = seededRandom(1);
    });
    after(() => close());

    const contextOf = (worker: string, settings: Partial<FlowContext['settings']> = {}): FlowContext =>
      withBudget({
        db,
        clock,
        random,
        worker,
        log: () => {},
        flow: 'cases',
        notices: new Notices(() => {}),
        settings: { ...DEFAULT_SETTINGS, salesforceLingerMs: 0, ...settings },
      });
    const draft = (key: string, more: Partial<Draft> = {}): Draft => ({
      id: randomUuid(random),
      target: 'external',
      kind: 'request',
      key,
      version: 1,
      attempt: 0,
      revision: null,
      ordinal: null,
      begins: true,
      payload: { text: 'ä "quoted" \\ \u{1F600}' },
      ...more,
    });
    const put = (...drafts: Draft[]): Promise<void> =>
      db.transaction(async (tx) => {
        await lockKeys(
          tx,
          'cases',
          drafts.map(({ key }) => key),
        );
        await enqueue(contextOf('putter'), tx, drafts);
      });
    const claim = (worker: string, limit = 200): Promise<ClaimedMessage[]> => {
      const now = new Date(clock.now());
      return claimMessages(db, {
        flow: 'cases',
        target: 'external',
        limit,
        lease: `${worker}/1`,
        leaseUntil: new Date(clock.now() + MINUTE),
        now,
      });
    };
    const done = (count: number): Timed[] =>
      Array.from({ length: count }, () => ({ is: 'done', outcome: 'ACCEPTED', durationMs: 1 }));
    /** What follows from messages that ended: what their target said. */
    const follow = async (_tx: unknown, outcomes: readonly Outcome[]): Promise<Draft[]> =>
      outcomes.flatMap(({ result, state }) =>
        (state === 'done' || state === 'dead') && 'news' in result ? (result.news as Draft[]) : [],
      );
    const states = async (): Promise<string[]> =>
      (await db.query<{ state: string }>('SELECT state FROM message ORDER BY seq')).map(({ state }) => state);

    it('keeps payloads as they are', async () => {
      await put(draft('a'));
      const [message] = await claim('one');
      assert.deepEqual(message!.payload, { text: 'ä "quoted" \\ \u{1F600}' });
      assert.equal(typeof message!.seq, 'number');
    });

    it('gives out only the first message of each key, in the order of arrival', async () => {
      await put(draft('b'), draft('a'), draft('a', { kind: 'writeBack' }), draft('b', { kind: 'writeBack' }));
      const first = await claim('one');
      assert.deepEqual(
        first.map(({ key, kind }) => [key, kind]),
        [
          ['b', 'request'],
          ['a', 'request'],
        ],
      );
      assert.deepEqual(await claim('two'), []);
      await settle(contextOf('one'), follow, 'one/1', first, done(2));
      assert.deepEqual(
        (await claim('one')).map(({ key, kind }) => [key, kind]),
        [
          ['a', 'writeBack'],
          ['b', 'writeBack'],
        ],
      );
    });

    it('gives nothing out while the flow is paused', async () => {
      await put(draft('a'));
      await db.query("UPDATE flow_state SET pause = 'PAUSED_IN_SALESFORCE'");
      assert.deepEqual(await claim('one'), []);
    });

    it('gives a message out again when its lease has run out, and ignores the late settlement', async () => {
      await put(draft('a'));
      const first = await claim('one');
      assert.deepEqual(await claim('two'), []);
      await clock.advance(MINUTE);
      const second = await claim('two');
      assert.equal(second[0]!.id, first[0]!.id);
      await settle(contextOf('one'), follow, 'one/1', first, [
        { is: 'done', outcome: 'ACCEPTED', durationMs: 1, news: [draft('a', { kind: 'late' })] },
      ]);
      assert.deepEqual(await states(), ['sending']);
      await settle(contextOf('two'), follow, 'two/1', second, done(1));
      assert.deepEqual(await states(), ['done']);
    });

    it('frees what a worker had leased when it comes back, and nothing of others', async () => {
      await put(draft('a'), draft('b'));
      await claim('one', 1);
      await claim('two', 1);
      assert.equal(await releaseLeases(db, 'one', 'cases', 'external'), 1);
      assert.deepEqual(
        (await claim('one')).map(({ key }) => key),
        ['a'],
      );
    });

    it('leaves what the worker still has under way when it frees the rest', async () => {
      await put(draft('a'), draft('b'));
      await claim('one', 1);
      assert.equal(await releaseLeases(db, 'one', 'cases', 'external', ['one/1']), 0);
      assert.equal(await releaseLeases(db, 'one', 'cases', 'external', ['one/2']), 1);
    });

    it('lets a newer message supersede queued and dead ones of its kind, and only those', async () => {
      await put(draft('a', { ordinal: 1 }), draft('a', { kind: 'writeBack', ordinal: 1 }), draft('b', { ordinal: 1 }));
      await put(draft('a', { ordinal: 2 }));
      assert.deepEqual(await states(), ['superseded', 'queued', 'queued', 'queued']);
      await put(draft('a', { ordinal: 1 }));
      assert.deepEqual(
        await states(),
        ['superseded', 'queued', 'queued', 'queued'],
        'a late older one is not queued at all',
      );
    });

    it('does not retry what a newer message waiting behind it replaces', async () => {
      await put(draft('a', { ordinal: 1 }));
      const claimed = await claim('one');
      await put(draft('a', { ordinal: 2 }));
      assert.deepEqual(await states(), ['sending', 'queued'], 'what is being sent stays');
      await settle(contextOf('one'), follow, 'one/1', claimed, [
        { is: 'refused', code: 'BAD', cause: 'bad', durationMs: 1, news: [draft('a', { kind: 'never' })] },
      ]);
      assert.deepEqual(await states(), ['superseded', 'queued']);
    });

    it('carries used attempts over to a repeat, so that repeats do not make attempts unbounded', async () => {
      const context = contextOf('one', { maxAttempts: 2 });
      const refused: Timed[] = [{ is: 'refused', code: 'BAD', cause: 'bad', durationMs: 1 }];
      await put(draft('a', { ordinal: 1 }));
      await settle(context, follow, 'one/1', await claim('one'), refused);
      await put(draft('a', { ordinal: 1 }));
      await settle(context, follow, 'one/1', await claim('one'), refused);
      assert.deepEqual(await states(), ['superseded', 'dead']);
    });

    it('keeps message, history and cause of the dead', async () => {
      await put(draft('a'));
      await settle(contextOf('one', { maxAttempts: 1 }), follow, 'one/1', await claim('one'), [
        { is: 'refused', code: 'BAD', cause: 'a bad field', durationMs: 7 },
      ]);
      const [letter] = await db.query<{
        code: string;
        cause: string;
        history: { outcome: string; durationMs: number | null }[];
      }>('SELECT * FROM dead_letter');
      assert.deepEqual([letter!.code, letter!.cause], ['BAD', 'a bad field']);
      assert.deepEqual(
        letter!.history.map(({ outcome, durationMs }) => [outcome, durationMs]),
        [
          ['QUEUED', null],
          ['REFUSED', 7],
        ],
      );
    });

    it('never changes or forgets the audit', async () => {
      await put(draft('a'));
      await assert.rejects(db.query("UPDATE audit SET outcome = 'NOTHING'"), /append-only/);
      await assert.rejects(db.query('DELETE FROM audit'), /append-only/);
      await assert.rejects(db.query('TRUNCATE audit'), /append-only/);
    });

    it('is shared by several workers: everything is sent once, in order for each key', async () => {
      const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);
      for (const kind of ['first', 'second', 'third']) await put(...keys.map((key) => draft(key, { kind })));
      const sent: string[] = [];
      const workers = ['one', 'two', 'three', 'four'].map((name) =>
        createSender(
          contextOf(name),
          'external',
          async (messages) => {
            sent.push(...messages.map(({ key, kind }) => `${key} ${kind}`));
            await new Promise((resolve) => setImmediate(resolve));
            return done(messages.length);
          },
          follow,
          new Circuit(DEFAULT_SETTINGS.outage, random),
        ),
      );
      for (let idle = 0; idle < 3;) {
        const did = await Promise.all(workers.map((worker) => worker.pass()));
        idle = did.includes(true) ? 0 : idle + 1;
      }
      assert.equal(sent.length, 120);
      for (const key of keys) {
        assert.deepEqual(
          sent.filter((line) => line.startsWith(`${key} `)),
          [`${key} first`, `${key} second`, `${key} third`],
        );
      }
    });

    it('takes in from several workers at once without a deadlock', async () => {
      const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
      const shuffled = (seed: number): string[] => {
        const dice = seededRandom(seed);
        return keys
          .map((key) => ({ key, at: dice.next() }))
          .sort((a, b) => a.at - b.at)
          .map(({ key }) => key);
      };
      await Promise.all(
        Array.from({ length: 8 }, (_, ordinal) => put(...shuffled(ordinal).map((key) => draft(key, { ordinal })))),
      );
      const open = await db.query<{ key: string }>("SELECT key FROM message WHERE state = 'queued' AND ordinal = 7");
      assert.equal(open.length, 20);
      assert.equal((await db.query("SELECT 1 FROM message WHERE state = 'queued'")).length, 20);
    });

    describe('of what only one batch at a time may be under way about', () => {
      const about = (key: string, alone: string): Draft => draft(key, { alone });
      const claimAloneAs = (worker: string, limit = 200): Promise<ClaimedMessage[]> => {
        const now = clock.now();
        const lease = { lease: `${worker}/1`, leaseUntil: new Date(now + MINUTE) };
        return claimAlone(db, { flow: 'cases', target: 'external', limit, ...lease, now: new Date(now) });
      };
      const keysOf = (messages: readonly ClaimedMessage[]): string[] => messages.map(({ key }) => key);
      const nextDueAt = (): Promise<number | null> => nextDue(db, 'cases', 'external');

      it('gives nothing out to another worker until the batch is settled', async () => {
        await put(about('a', 'C1'), about('b', 'C1'), about('c', 'C2'), draft('d'));
        const first = await claimAloneAs('one', 1);
        assert.deepEqual(keysOf(first), ['a']);
        const second = await claimAloneAs('two');
        assert.deepEqual(keysOf(second), ['c', 'd'], 'the rest is held up by none of it');
        assert.equal(await nextDueAt(), START + MINUTE, 'whoever looks for b rests until the lease ends');
        const [state] = await readTargets(db, [{ flow: 'cases', target: 'external' }], new Date(START), 10);
        assert.equal(state!.next!.getTime(), START + MINUTE);
        await settle(contextOf('one'), follow, 'one/1', first, done(1));
        assert.equal(await nextDueAt(), START);
        assert.deepEqual(keysOf(await claimAloneAs('two')), ['b']);
      });

      it('gives out what a dead worker had, to one worker', async () => {
        await put(about('a', 'C1'), about('b', 'C1'), about('c', 'C1'));
        assert.equal((await claimAloneAs('one', 2)).length, 2);
        await clock.advance(MINUTE);
        assert.deepEqual(keysOf(await claimAloneAs('two', 1)), ['a']);
        assert.deepEqual(keysOf(await claimAloneAs('three')), [], 'b is free of its lease, and not of that of a');
      });

      it('lets no two of many workers that claim at once have the same', async () => {
        const contracts = ['C1', 'C2', 'C3', 'C4', 'C5'];
        await put(...Array.from({ length: 60 }, (_, at) => about(`key-${at}`, contracts[at % 5]!)));
        const workers = Array.from({ length: 8 }, (_, at) => `worker-${at}`);
        await Promise.all(workers.map((worker) => claimAloneAs(worker, 2)));
        const held = await db.query<{ alone: string; leases: number }>(
          "SELECT alone, count(DISTINCT lease)::integer AS leases FROM message WHERE state = 'sending' GROUP BY alone",
        );
        assert.ok(held.length > 1, 'several workers have something');
        assert.deepEqual(
          held.filter(({ leases }) => leases > 1),
          [],
        );
      });
    });
  });
}
