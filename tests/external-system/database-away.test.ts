import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openServedDatabase } from '../../src/simulation/own-database.ts';
import { DatabaseUnavailable } from '../../src/shared/sql/errors.ts';
import { openPglite } from '../../src/shared/sql/pglite.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { TestRegistry } from './support/registry.ts';

const KEY = '0b6e9a34-6f0b-4d6c-9a55-0d4f4b1f2a01';

let db: Database;
let registry: TestRegistry;
let away = false;
/** The next commit takes effect, and its answer is lost. */
let loseCommit = false;
before(async () => {
  const real = (await openServedDatabase()) ?? (await openPglite());
  const gone = (): Promise<never> => Promise.reject(new DatabaseUnavailable('the database is away'));
  db = {
    query: (text, parameters) => (away ? gone() : real.query(text, parameters)),
    async transaction(work, options) {
      if (away) return gone();
      const result = await real.transaction(work, options);
      if (!loseCommit) return result;
      loseCommit = false;
      return gone();
    },
    script: (text) => real.script(text),
    close: () => real.close(),
  };
  registry = await TestRegistry.open(db);
});
beforeEach(() => {
  away = false;
  loseCommit = false;
});
after(() => db.close());

test('while its database is away the registry lives, is not ready, and answers 503', async () => {
  away = true;
  assert.equal((await registry.call('GET', '/health')).status, 200);
  const ready = await registry.call('GET', '/ready');
  assert.deepEqual([ready.status, ready.body.problems], [503, ['the database does not answer']]);
  const acknowledge = { kind: 'acknowledge', id: 'm1', key: KEY, externalId: 'SR-1', revision: 1, success: true };
  for (const [method, url, body] of [
    ['POST', '/v1/messages', { messages: [acknowledge] }],
    ['POST', '/v1/cases', { values: { Subject: 'a' } }],
    ['PATCH', '/v1/cases/SR-1', { values: { Subject: 'a' } }],
    ['GET', '/v1/cases'],
    ['GET', '/v1/requests'],
    ['GET', '/v1/digest/totals'],
    ['GET', `/v1/repairs?run=${KEY}`],
  ] as const) {
    const { status, body: told } = await registry.call(method, url, body);
    assert.deepEqual([status, told.errorCode, told.retryable], [503, 'DATABASE_UNAVAILABLE', true], `${method} ${url}`);
  }
});

test('a case that a person made, whose commit was not confirmed, is found again under its key', async () => {
  loseCommit = true;
  const lost = await registry.call('POST', '/v1/cases', { key: KEY, values: { Subject: 'a' } });
  assert.equal(lost.status, 503);
  const again = await registry.call('POST', '/v1/cases', { key: KEY, values: { Subject: 'a' } });
  assert.deepEqual([again.status, again.body.key, again.body.revision], [200, KEY, 1]);
  assert.equal((await registry.call('GET', '/v1/cases')).body.cases.length, 1);
  assert.equal((await registry.delivered()).length, 1);
  assert.equal((await registry.call('POST', '/v1/cases', { key: 'x', values: { Subject: 'a' } })).status, 400);
});
