/**
 * What does the queue's work cost while many messages wait? Claiming and settling a batch, finding when something is
 * due, `/v1/status` and `/ready`, with 10^3 to 10^6 open messages, and as many open dead letters, unanswered intakes and seals, on a database whose tables were never analysed. Each figure
 * is told as a multiple of the smallest queue's in the same run.
 */
import { Notices } from '../src/middle-layer/notices.ts';
import { carriedFlows } from '../src/flows/index.ts';
import { withBudget } from '../src/middle-layer/budget.ts';
import { createMiddleLayer } from '../src/middle-layer/index.ts';
import { claimMessages } from '../src/middle-layer/db/messages.ts';
import { nextDue } from '../src/middle-layer/db/depths.ts';
import { settle } from '../src/middle-layer/queue/settle.ts';
import { DEFAULT_SETTINGS } from '../src/middle-layer/settings.ts';
import { ManualClock } from 'kernel/clock.ts';
import { TransportError } from 'kernel/http.ts';
import { seededRandom } from 'kernel/random.ts';
import { openPglite } from '../src/shared/sql/pglite.ts';
import type { Database } from '../src/shared/sql/types.ts';
import { median, print, printTable, timesOf } from './support/figures.ts';

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const SIZES_QUICK = [1_000, 10_000, 100_000];
const ROUNDS = 15;
const BATCH = 200;
const START = Date.parse('2026-11-21T07:30:00Z');

/** Open messages of as many keys, from `from` on. */
const fill = async (db: Database, from: number, to: number): Promise<void> => {
  const step = 100_000;
  for (let first = from; first < to; first += step)
    await db.query(
      `INSERT INTO message (flow, id, target, kind, key, version, attempt, ordinal, payload, state, queued_at, next_attempt_at, turn_at, head)
       SELECT 'cases', 'm' || n, 'external', 'request', 'key-' || n, 1, 0, 10000, '{"kind":"request","values":{"Subject":"a"}}', 'queued', $3, $3, $3, true
       FROM generate_series($1::int, $2::int) AS n`,
      [first, Math.min(first + step, to) - 1, new Date(START)],
    );
};

/** What status and readiness count besides: open dead letters, unanswered intakes and unconfirmed seals, as many of each. */
const fillCounted = async (db: Database, from: number, to: number): Promise<void> => {
  const step = 100_000;
  for (let first = from; first < to; first += step) {
    const range = [first, Math.min(first + step, to) - 1, new Date(START)];
    await db.query(
      `WITH dead AS (
         INSERT INTO message (flow, id, target, kind, key, ordinal, payload, state, queued_at, next_attempt_at, turn_at, settled_at)
         SELECT 'cases', 'd' || n, 'salesforce', 'record', 'dead-' || n, n, '{}', 'dead', $3, $3, $3, $3 FROM generate_series($1::int, $2::int) AS n
         RETURNING seq)
       INSERT INTO dead_letter (message_seq, code, cause, history, died_at) SELECT seq, 'CODE_' || seq % 5, '', '[]', $3 FROM dead`,
      range,
    );
    await db.query(
      `INSERT INTO intake (key, payload, accepted_at, due_at)
       SELECT 'intake-' || n, '{"attempt": 0}', $3, $3 FROM generate_series($1::int, $2::int) AS n`,
      range,
    );
    await db.query(
      `INSERT INTO usage_seal (contract_number, contract_id, entries, units, amount, digest, basis_digest, sealed_at, taken_at)
       SELECT 'n' || n, 'c' || n, 1, '1', '1', 'd', 'b', $3, $3 FROM generate_series($1::int, $2::int) AS n`,
      range,
    );
  }
};

type Work = Record<string, () => Promise<unknown>>;

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return median(times);
};

export const benchQueue = async (quick: boolean): Promise<void> => {
  const db = await openPglite();
  try {
    const clock = new ManualClock(START);
    const random = seededRandom(1);
    const nowhere = async (): Promise<never> => {
      throw new TransportError('nobody is there');
    };
    const layer = await createMiddleLayer({
      db,
      clock,
      random,
      transport: nowhere,
      salesforce: { instanceUrl: 'http://org', auth: { kind: 'accessToken', accessToken: 'none' } },
      flows: carriedFlows,
      external: Object.fromEntries(carriedFlows.map(({ name }) => [name, { url: 'http://external', token: 'none' }])),
    });
    await db.query('UPDATE flow_state SET pause = NULL');
    const context = withBudget({
      flow: 'cases',
      notices: new Notices(() => {}),
      db,
      clock,
      random,
      settings: DEFAULT_SETTINGS,
      log: () => {},
      worker: 'bench',
    });
    const now = new Date(START);
    let lease = 0;
    const carry = async (): Promise<void> => {
      const name = `bench/${(lease += 1)}`;
      const claimed = await claimMessages(db, {
        flow: 'cases',
        target: 'external',
        limit: BATCH,
        lease: name,
        leaseUntil: new Date(START + 60_000),
        now,
      });
      await settle(
        context,
        async () => [],
        name,
        claimed,
        claimed.map(() => ({ is: 'unavailable', code: 'HTTP_503', durationMs: 1 })),
      );
    };
    const work: Work = {
      [`claim and settle ${BATCH}`]: carry,
      'next due': () => nextDue(db, 'cases', 'external'),
      status: () => layer.handle({ method: 'GET', url: '/v1/status', headers: {}, body: '' }),
      ready: () => layer.handle({ method: 'GET', url: '/ready', headers: {}, body: '' }),
    };
    const sizes = quick ? SIZES_QUICK : SIZES;
    const first: Record<string, number> = {};
    const rows: string[][] = [];
    let filled = 0;
    for (const size of sizes) {
      await fill(db, filled, size);
      await fillCounted(db, filled, size);
      filled = size;
      const cells = [size.toLocaleString('en')];
      for (const [name, run] of Object.entries(work)) {
        const time = await timed(run);
        first[name] ??= time;
        cells.push(`${time.toFixed(1)} ms`, timesOf(time / first[name]));
      }
      rows.push(cells);
    }
    print('queue: the cost of its work while so many messages are open, as a multiple of the smallest');
    printTable(['open', ...Object.keys(work).flatMap((name) => [name, 'times'])], rows);
  } finally {
    await db.close();
  }
};
