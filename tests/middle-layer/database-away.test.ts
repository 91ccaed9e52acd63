import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { DatabaseUnavailable } from '../../src/shared/sql/errors.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { testDatabase } from './support/database.ts';
import { World } from './support/world.ts';

const KEY = '0b6e9a34-6f0b-4d6c-9a55-0d4f4b1f2a01';

describe('while the database is away', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let world: World;
  let away: 'no' | 'refuses' | 'silent';
  before(async () => (database = await testDatabase()));
  beforeEach(async () => {
    await database.reset();
    away = 'no';
    world = new World(database.db);
    await world.start({}, undefined, mayGo(database.db));
  });
  after(() => database.close());

  /** The database as a part sees it: there, gone, or without an answer for good. */
  const mayGo = (db: Database): Database => {
    const ask = <T>(work: () => Promise<T>): Promise<T> => {
      if (away === 'refuses') return Promise.reject(new DatabaseUnavailable('the database is away: no connection'));
      return away === 'silent' ? new Promise(() => {}) : work();
    };
    return {
      query: (text, parameters) => ask(() => db.query(text, parameters)),
      transaction: (work) => ask(() => db.transaction(work)),
      script: (text) => ask(() => db.script(text)),
      close: () => db.close(),
    };
  };

  const ROUTES: [string, string, unknown?][] = [
    [
      'POST',
      '/v1/messages',
      {
        messages: [
          {
            kind: 'writeBackConfirmed',
            id: 'm1',
            key: KEY,
            externalId: 'R-1',
            salesforceCaseId: '500000000000001AAA',
            version: 1,
          },
        ],
      },
    ],
    ['POST', '/v1/intake', { orgId: '00D000000000001AAA', values: {} }],
    ['GET', '/v1/dead-letters'],
    ['GET', '/v1/dead-letters/1'],
    ['POST', '/v1/dead-letters/1/retry'],
    ['GET', `/v1/audit?key=${KEY}`],
    ['POST', '/v1/audit', { keys: [KEY] }],
    ['GET', `/v1/conflicts?key=${KEY}`],
  ];

  it('every route that needs it answers 503, to be asked again later', async () => {
    away = 'refuses';
    for (const [method, url, body] of ROUTES) {
      const { status, json } = await world.call(method, url, body);
      assert.deepEqual(
        [status, json.errorCode, json.retryable],
        [503, 'DATABASE_UNAVAILABLE', true],
        `${method} ${url} answered ${status} ${JSON.stringify(json)}`,
      );
    }
  });

  it('the process lives, is not ready and says why', async () => {
    away = 'refuses';
    assert.equal((await world.call('GET', '/health')).status, 200);
    const { status, json } = await world.call('GET', '/ready');
    assert.equal(status, 503);
    assert.deepEqual(json.problems, ['the database does not answer']);
  });

  it('readiness and status are answered in seconds even by a database that has fallen silent', async () => {
    away = 'silent';
    const started = performance.now();
    const [ready, status] = await Promise.all([world.call('GET', '/ready'), world.call('GET', '/v1/status')]);
    assert.ok(performance.now() - started < 6_000);
    assert.equal(ready.status, 503);
    assert.equal(status.status, 200);
    assert.equal(status.json.database, 'away');
    assert.equal(status.json.worker, 'middle-layer');
    assert.deepEqual(Object.keys(status.json.flows.cases.circuits), ['sweep', 'external', 'salesforce']);
  });

  it('an intake without a key is told the key under which it may be repeated', async () => {
    await world.sweep();
    const orgId = (await world.call('GET', '/v1/status')).json.flows.cases.orgId as string;
    const real: Database['transaction'] = database.db.transaction.bind(database.db);
    // the commit took effect, and its answer was lost
    database.db.transaction = async (work) => {
      await real(work);
      throw new DatabaseUnavailable('the database went away during a commit');
    };
    const lost = await world.call('POST', '/v1/intake', { orgId, values: { Subject: 'a' } });
    database.db.transaction = real;
    assert.deepEqual([lost.status, lost.json.errorCode], [503, 'DATABASE_UNAVAILABLE']);
    const [key] = /[0-9a-f-]{36}/.exec(lost.json.message as string)!;
    const again = await world.call('POST', '/v1/intake', { orgId, key, values: { Subject: 'a' } });
    assert.deepEqual([again.status, again.json.trackingKey], [202, key]);
    assert.equal((await database.db.query('SELECT 1 FROM intake')).length, 1);
  });

  it('a sweep that lost the database is free again at once when it is back', async () => {
    const found = world.salesforce.createCase({ Subject: 'a' });
    const sweep = world.salesforce.sweep.bind(world.salesforce);
    world.salesforce.sweep = (...given) => {
      away = 'refuses';
      return sweep(...given);
    };
    await assert.rejects(world.layer.step(), DatabaseUnavailable);
    world.salesforce.sweep = sweep;
    away = 'no';
    const stopping = new AbortController();
    world.layer.start(stopping.signal);
    for (let tries = 0; tries < 200 && world.external.records.size === 0; tries++) {
      await world.clock.advance(100);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    stopping.abort();
    assert.ok(world.external.records.has(found.key), 'within 20 s, although the lease of the sweep runs for minutes');
  });
});
