/** Feeds that run by their schedules, on a clock that the test moves. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Clock } from 'kernel/clock.ts';
import { json } from 'kernel/http.ts';
import { runFeed } from '../../src/feeds/run.ts';
import { Schedule } from '../../src/feeds/schedule.ts';
import { FeedService, type FeedStanding } from '../../src/feeds/service.ts';
import { SourceError } from '../../src/feeds/source/types.ts';
import { account, accounts, Retail } from './support/retail.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The org's clock for one service: who sleeps on it wakes when the test comes by. */
class Alarm implements Clock {
  readonly #retail: Retail;
  #sleeper: { due: number; wake: () => void } | null = null;
  #asleep: () => void = () => {};

  constructor(retail: Retail) {
    this.#retail = retail;
  }

  now(): number {
    return this.#retail.orgClock.now();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#sleeper = null;
        resolve();
      };
      this.#sleeper = { due: this.now() + ms, wake };
      signal?.addEventListener('abort', wake, { once: true });
      this.#asleep();
    });
  }

  /** Resolves when all that was due is done. */
  async rest(): Promise<void> {
    if (this.#sleeper === null) await new Promise<void>((resolve) => (this.#asleep = resolve));
  }

  /** Lets time pass, with a stop at each moment that the service wakes at. */
  async pass(ms: number): Promise<void> {
    const until = this.now() + ms;
    for (;;) {
      await this.rest();
      const { due, wake } = this.#sleeper!;
      await this.#retail.orgClock.advance(Math.max(0, Math.min(due, until) - this.now()));
      if (due > until) return;
      wake();
    }
  }
}

interface Ready {
  status: number;
  body: { ready: boolean; problems: string[]; attention: string[]; feeds: FeedStanding[] };
}

/** A service as a process has it. */
class Running {
  readonly alarm: Alarm;
  /** `feed: status`, as they ended. */
  readonly told: string[] = [];
  readonly errors: unknown[] = [];
  isAway = false;
  readonly #service: FeedService;
  readonly #stop = new AbortController();
  readonly #over: Promise<void>;

  constructor(retail: Retail) {
    this.alarm = new Alarm(retail);
    this.#service = new FeedService({
      config: retail.config,
      db: retail.db,
      clock: this.alarm,
      companies: ['ACME'],
      open: async () => {
        if (this.isAway) throw new SourceError('NO_SERVER', 'the database does not answer', true);
        return { ...(await retail.parts()), close: async () => {} };
      },
      onRun: ({ feed }, { status }) => void this.told.push(`${feed}: ${status}`),
      onError: (error) => void this.errors.push(error),
    });
    this.#over = this.#service.run(this.#stop.signal);
  }

  async ready(): Promise<Ready> {
    const { status, body } = await this.#service.handler({ method: 'GET', url: '/ready', headers: {}, body: '' });
    return { status, body: JSON.parse(body) as Ready['body'] };
  }

  /** What ended since it was asked last. */
  take(): string[] {
    return this.told.splice(0);
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('stopped'));
    await this.#over;
    assert.deepEqual(this.errors, []);
  }
}

describe('feeds by their schedules', () => {
  let retail: Retail;
  let running: Running[] = [];
  const start = (): Running => {
    const service = new Running(retail);
    running.push(service);
    return service;
  };
  /** To a time of the next day. */
  const until = async (service: Running, hour: number, minute = 0): Promise<void> => {
    const now = retail.orgClock.now();
    const at = Math.floor(now / DAY) * DAY + hour * HOUR + minute * MINUTE;
    await service.alarm.pass((at > now ? at : at + DAY) - now);
  };
  before(async () => {
    retail = await Retail.open({ hasBook: true });
    retail.list('accounts', accounts(3));
    retail.list('stores', [{ code: 'a', name: 'first', account: '0001' }]);
  });
  afterEach(async () => {
    retail.intercept = async () => null;
    for (const service of running) await service.stop();
    running = [];
  });
  after(() => retail.close());

  it('a feed that never ran begins at once; then each runs at its hour, once a day, parents first', async () => {
    const service = start();
    await service.alarm.rest();
    assert.deepEqual(service.take(), ['accounts: succeeded', 'stores: succeeded']);
    await until(service, 4, 59);
    assert.deepEqual(service.take(), []);
    await until(service, 5);
    await service.alarm.rest();
    assert.deepEqual(service.take(), ['accounts: succeeded', 'stores: succeeded']);
    await service.alarm.pass(2 * DAY);
    await service.alarm.rest();
    assert.equal(service.take().length, 4);
    const { status, body } = await service.ready();
    assert.equal(status, 200);
    assert.deepEqual(
      body.feeds.map(({ feed, due, isLate }) => [feed, due?.slice(11, 16), isLate]),
      [
        ['accounts', '05:00', false],
        ['stores', '05:00', false],
      ],
    );
  });

  it('what was missed for days is made up for once', async () => {
    await retail.orgClock.advance(9 * DAY + HOUR);
    const service = start();
    await service.alarm.rest();
    assert.deepEqual(service.take(), ['accounts: succeeded', 'stores: succeeded']);
    await service.alarm.pass(3 * HOUR);
    assert.deepEqual(service.take(), []);
  });

  it('two processes run a feed once, and never beside each other', async () => {
    await retail.orgClock.advance(DAY);
    const [one, other] = [start(), start()];
    await Promise.all([one.alarm.rest(), other.alarm.rest()]);
    const told = [...one.take(), ...other.take()].sort();
    assert.deepEqual(
      told.filter((line) => line.endsWith('succeeded')),
      ['accounts: succeeded', 'stores: succeeded'],
      told.join(),
    );
    // also whoever looked at the clock before the other had ended
    const late = await runFeed(await retail.parts(), retail.config.feed('ACME', 'accounts'), {
      due: new Date(Math.floor(retail.orgClock.now() / DAY) * DAY + 5 * HOUR),
    });
    assert.equal(late.status, 'busy');
    assert.match(late.reasons.join(), /has started at \S+, in time/);
    const { length } = await retail.db.query(`SELECT id FROM feed_run WHERE status = 'running'`);
    assert.equal(length, 0);
  });

  it('what broke off is tried again, later each time and not for ever, and /ready says so', async () => {
    const service = start();
    await service.alarm.rest();
    retail.intercept = async ({ url }) => (url.includes('/deleted') ? json(503, '') : null);
    await until(service, 5, 5);
    assert.deepEqual(service.take(), ['accounts: interrupted', 'stores: interrupted']);
    const { status, body } = await service.ready();
    assert.equal(status, 503);
    assert.match(body.problems.join(), /ACME accounts: run \S+ is interrupted/);
    await service.alarm.pass(5 * HOUR);
    assert.equal(service.take().length, 2 * 5, 'six tries in all');
    retail.intercept = async () => null;
    await until(service, 5, 5);
    assert.deepEqual(service.take(), ['accounts: succeeded', 'stores: succeeded']);
    assert.equal((await service.ready()).status, 200);
  });

  it('a database that does not answer lets no run begin: it is late until it does', async () => {
    const service = start();
    await service.alarm.rest();
    service.isAway = true;
    await until(service, 5, 1);
    assert.deepEqual(service.take(), ['accounts: unusable', 'stores: unusable']);
    assert.equal((await service.ready()).status, 200);
    await until(service, 5, 32);
    assert.match((await service.ready()).body.problems.join(), /accounts: no run started since \S+T05:00/);
    service.isAway = false;
    await service.alarm.pass(HOUR);
    assert.deepEqual(service.take().slice(-2), ['accounts: succeeded', 'stores: succeeded']);
    assert.equal((await service.ready()).status, 200);
  });

  it('a held run waits for a person, and what that person decides in Salesforce is done within the hour', async () => {
    const service = start();
    await service.alarm.rest();
    retail.list('accounts', []);
    await until(service, 5, 1);
    assert.deepEqual(service.take(), ['accounts: held', 'stores: succeeded']);
    const { status, body } = await service.ready();
    assert.equal(status, 200);
    assert.match(body.attention.join(), /ACME accounts: run \S+ is held; decide on it in Salesforce/);
    await service.alarm.pass(HOUR);
    assert.deepEqual([...new Set(service.take())], ['accounts: busy']);
    retail.list('accounts', accounts(3));
    retail.apex(`Feed_Run__c held = [SELECT Id FROM Feed_Run__c WHERE Status__c = 'Held'];
      held.Decision__c = 'Reject'; held.Decision_Reason__c = 'the view was empty'; update held;`);
    await service.alarm.pass(20 * MINUTE);
    await service.alarm.rest();
    assert.deepEqual(service.take(), ['accounts: succeeded']);
  });

  it('stopped in the middle of a run it ends that run in order, and the next start takes it up at once', async () => {
    const service = start();
    await service.alarm.rest();
    retail.list('accounts', [...accounts(3), account('0004')]);
    const stopped = new Promise<void>((resolve, reject) => {
      retail.intercept = async ({ method, url }) => {
        if (method === 'PATCH' && url.includes('/composite/sobjects/Account')) service.stop().then(resolve, reject);
        return null;
      };
    });
    await retail.orgClock.advance(DAY);
    void service.alarm.pass(0);
    await stopped;
    assert.deepEqual(service.take(), ['accounts: interrupted']);
    const next = start();
    await next.alarm.rest();
    assert.deepEqual(next.take(), ['accounts: succeeded', 'stores: succeeded']);
    assert.equal((await retail.held("SELECT Id FROM Account WHERE Key__c = 'ACME-0004'")).length, 1);
  });
});

describe('a schedule', () => {
  const at = (text: string): number => Date.parse(text);
  const iso = (moment: number | null): string | null => (moment === null ? null : new Date(moment).toISOString());

  it('is read as people write it, EventBridge included', () => {
    for (const expression of ['0 5 * * *', '0 5 * * ? *', ' 0  5 ? * * *']) {
      const schedule = new Schedule(expression, 'UTC');
      assert.equal(iso(schedule.last(at('2026-01-05T04:59:59.999Z'))), '2026-01-04T05:00:00.000Z');
      assert.equal(iso(schedule.last(at('2026-01-05T05:00:00.000Z'))), '2026-01-05T05:00:00.000Z');
      assert.equal(iso(schedule.next(at('2026-01-05T05:00:00.000Z'))), '2026-01-06T05:00:00.000Z');
    }
    assert.equal(
      iso(new Schedule('0 5 ? * MON-FRI *', 'UTC').next(at('2026-01-03T00:00:00Z'))),
      '2026-01-05T05:00:00.000Z',
    );
    assert.throws(() => new Schedule('0 5 ? * 2-6 *', 'UTC'), /name the days of the week/);
  });

  it('is in its zone, once a day when clocks change too', () => {
    const bogota = new Schedule('0 5 * * *', 'America/Bogota');
    assert.equal(iso(bogota.last(at('2026-01-05T09:00:00Z'))), '2026-01-04T10:00:00.000Z');
    const forward = new Schedule('30 2 * * *', 'America/New_York');
    assert.equal(iso(forward.last(at('2026-03-09T00:00:00Z'))), '2026-03-08T07:00:00.000Z');
    assert.equal(iso(forward.next(at('2026-03-08T07:00:00Z'))), '2026-03-09T06:30:00.000Z');
    const back = new Schedule('30 1 * * *', 'America/New_York');
    assert.equal(iso(back.next(at('2026-11-01T00:00:00Z'))), '2026-11-01T05:30:00.000Z');
    assert.equal(iso(back.next(at('2026-11-01T05:30:00Z'))), '2026-11-02T06:30:00.000Z');
  });
});
