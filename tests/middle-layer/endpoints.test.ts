import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { testDatabase } from './support/database.ts';
import { World } from './support/world.ts';

const TOKENS = { external: 'secret-e', intake: 'secret-i', operator: 'secret-o' };
const CALLERS = { ...TOKENS, external: { cases: TOKENS.external } };

describe('the API of the middle layer', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let world: World;
  before(async () => (database = await testDatabase()));
  beforeEach(async () => {
    await database.reset();
    world = await World.open(database.db, { callers: CALLERS });
  });
  after(() => database.close());

  const ENDPOINTS: [string, string, keyof typeof TOKENS][] = [
    ['POST', '/v1/messages', 'external'],
    ['POST', '/v1/intake', 'intake'],
    ['GET', '/v1/status', 'operator'],
    ['GET', '/v1/dead-letters', 'operator'],
    ['GET', '/v1/dead-letters/1', 'operator'],
    ['POST', '/v1/dead-letters/1/retry', 'operator'],
    ['GET', '/v1/audit?key=k', 'operator'],
    ['POST', '/v1/audit', 'operator'],
    ['GET', '/v1/conflicts?key=k', 'operator'],
  ];
  for (const [method, url, role] of ENDPOINTS) {
    it(`${method} ${url} is for the role ${role} only`, async () => {
      for (const [other, token] of Object.entries(TOKENS)) {
        const { status } = await world.call(method, url, {}, { authorization: `Bearer ${token}` });
        if (other === role) assert.notEqual(status, 401);
        else assert.equal(status, 401, other);
      }
      assert.equal((await world.call(method, url, {})).status, 401);
    });
  }

  it('tells everybody that it lives, and whether it is ready', async () => {
    assert.equal((await world.call('GET', '/health')).status, 200);
    const before = await world.call('GET', '/ready');
    assert.deepEqual([before.status, before.json.problems], [503, ['cases: no sweep of Salesforce has succeeded yet']]);
    await world.sweep();
    assert.equal((await world.call('GET', '/ready')).status, 200);
    await world.clock.advance(120_000);
    const late = await world.call('GET', '/ready');
    assert.deepEqual([late.status, late.json.problems], [503, ['cases: the last sweep was 120 s ago']]);
  });

  it('shows what is queued and counted', async () => {
    world.salesforce.createCase({ Subject: 'a' });
    await world.sweep();
    const { json } = await world.call('GET', '/v1/status', undefined, { authorization: 'Bearer secret-o' });
    assert.deepEqual(
      [json.flows.cases.paused, json.queue.open, json.flows.cases.circuits.sweep.open],
      [null, 0, false],
    );
    assert.equal(json.flows.cases.counters.salesforceApiCalls, 2);
    assert.equal(JSON.stringify(json).includes('secret-'), false);
  });

  it('shows the audit of a key page by page', async () => {
    const { key } = world.salesforce.createCase({ Subject: 'a' });
    await world.sweep();
    const page = async (after: number): Promise<any> =>
      (
        await world.call('GET', `/v1/audit?key=${key}&limit=1&after=${after}`, undefined, {
          authorization: 'Bearer secret-o',
        })
      ).json;
    const first = await page(0);
    const second = await page(first.next);
    assert.deepEqual([first.entries[0].outcome, second.entries[0].outcome, second.next], ['QUEUED', 'ACCEPTED', null]);
    assert.equal((await world.call('GET', '/v1/audit', undefined, { authorization: 'Bearer secret-o' })).status, 400);
  });

  it('shows the newest entries of many keys at once', async () => {
    const [one, other] = [world.salesforce.createCase({ Subject: 'a' }), world.salesforce.createCase({ Subject: 'b' })];
    await world.sweep();
    const ask = (body: unknown): Promise<any> =>
      world.call('POST', '/v1/audit', body, { authorization: 'Bearer secret-o' });
    const unknown = '00000000-0000-4000-8000-000000000000';
    const { trails } = (await ask({ keys: [one.key.toUpperCase(), other.key, unknown], last: 1 })).json;
    assert.deepEqual(
      trails.map(({ key, entries, more, deadLetters }: any) => [key, entries[0]?.outcome, more, deadLetters.length]),
      [
        [one.key, 'ACCEPTED', true, 0],
        [other.key, 'ACCEPTED', true, 0],
        [unknown, undefined, false, 0],
      ],
    );
    const all = (await ask({ keys: [one.key] })).json.trails[0];
    assert.deepEqual(
      all.entries.map(({ outcome }: any) => outcome),
      ['QUEUED', 'ACCEPTED'],
      'oldest first',
    );
    assert.equal((await ask({ keys: Array(201).fill(one.key) })).status, 400);
    assert.equal((await ask({ keys: [], last: 0 })).status, 400);
  });

  it('answers what it does not serve with 404', async () => {
    assert.equal((await world.call('GET', '/v1/nothing')).status, 404);
  });
});
