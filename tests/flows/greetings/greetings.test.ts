import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { casesBetween } from '../../../src/flows/cases/carried/flow.ts';
import { assemble, type MiddleLayer } from '../../../src/middle-layer/index.ts';
import type { View } from '../../../src/middle-layer/flow.ts';
import type { Settings } from '../../../src/middle-layer/settings.ts';
import type { FlowContext, Result } from '../../../src/middle-layer/types.ts';
import { ensureFlow } from '../../../src/middle-layer/db/flow-state.ts';
import { testDatabase } from '../../middle-layer/support/database.ts';
import { World } from '../../middle-layer/support/world.ts';
import { GREETINGS, greetings, type Outside } from './flow.ts';

describe('a flow that the shared parts have never heard of', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let world: World;
  let layer: MiddleLayer;
  let said: string[];
  let greet: (name: string) => Result;
  before(async () => (database = await testDatabase()));
  after(() => database.close());

  const outside: Outside = {
    greet: ({ name }) => greet(name),
    reply: (text) => {
      said.push(text);
      return { is: 'done', outcome: 'TOLD' };
    },
  };
  const start = async (settings: Partial<Settings> = {}): Promise<void> => {
    layer = await assemble(
      {
        db: database.db,
        clock: world.clock,
        random: world.random,
        settings: { salesforceLingerMs: 0, wakeGapMs: 0, ...settings },
      },
      [casesBetween({ salesforce: world.salesforce, external: world.external }), greetings(outside)],
    );
    world.layer = layer;
  };
  beforeEach(async () => {
    await database.reset();
    await ensureFlow(database.db, GREETINGS);
    world = new World(database.db);
    said = [];
    greet = (name) => ({ is: 'done', outcome: 'GREETED', news: `${name} says hello` });
    await start();
  });

  const outcomes = async (key: string): Promise<string[]> =>
    (await world.call('GET', `/v1/audit?key=${key}`)).json.entries.map(
      ({ flow, target, kind, outcome }: Record<string, string>) => `${flow} ${target} ${kind} ${outcome}`,
    );
  const letters = async (): Promise<any[]> => (await world.call('GET', '/v1/dead-letters')).json.deadLetters;

  it('is carried: its endpoint, its targets, and what follows from an answer', async () => {
    const { status } = await world.call('POST', '/v1/greetings', { name: 'ada' });
    assert.equal(status, 202);
    await world.run();
    assert.deepEqual(said, ['ada says hello']);
    assert.deepEqual(await outcomes('ada'), [
      'greetings post greeting QUEUED',
      'greetings post greeting GREETED',
      'greetings desk reply QUEUED',
      'greetings desk reply TOLD',
    ]);
  });

  it('is retried, dies, is listed with its flow, and is sent again', async () => {
    greet = () => ({ is: 'refused', code: 'NO_STAMP', cause: 'the letter has no stamp' });
    await world.call('POST', '/v1/greetings', { name: 'bob' });
    for (let tries = 0; tries < 6; tries++) await world.pass(600_000);
    const [letter, ...others] = await letters();
    assert.deepEqual(others, []);
    assert.deepEqual(
      [letter.flow, letter.target, letter.kind, letter.code],
      [GREETINGS, 'post', 'greeting', 'NO_STAMP'],
    );
    assert.equal((await outcomes('bob')).filter((line) => line.endsWith('REFUSED')).length, 5);
    const dryRun = async (flow: string): Promise<number> =>
      (await world.call('POST', '/v1/dead-letters/retry', { flow, dryRun: true })).json.matched;
    assert.deepEqual([await dryRun('cases'), await dryRun(GREETINGS)], [0, 1]);
    greet = () => ({ is: 'done', outcome: 'GREETED', news: 'bob says hello' });
    assert.equal((await world.call('POST', '/v1/dead-letters/retry', { flow: GREETINGS })).json.retried, 1);
    await world.run();
    assert.deepEqual([said, await letters()], [['bob says hello'], []]);
  });

  it('stands still alone: the other flow goes on while it is paused or its target is away', async () => {
    await database.db.query('UPDATE flow_state SET pause = $1 WHERE flow = $2', ['BY_HAND', GREETINGS]);
    await world.call('POST', '/v1/greetings', { name: 'eve' });
    const created = world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    assert.deepEqual([said, created.status], [[], 'Success']);
    const { flows } = (await world.call('GET', '/v1/status')).json;
    assert.deepEqual([flows.greetings.paused, flows.cases.paused], ['BY_HAND', null]);

    await database.db.query('UPDATE flow_state SET pause = NULL WHERE flow = $1', [GREETINGS]);
    greet = () => ({ is: 'unavailable', code: 'STRIKE' });
    await world.run();
    const second = world.salesforce.createCase({ Subject: 'b' });
    await world.pass(10_000);
    assert.equal(second.status, 'Success');
    const ready = (await world.call('GET', '/ready')).json;
    assert.deepEqual(ready.problems, ['greetings: post is unavailable: STRIKE']);
    greet = () => ({ is: 'done', outcome: 'GREETED', news: 'eve says hello' });
    for (let waits = 0; waits < 3; waits++) await world.pass(60_000);
    assert.deepEqual(said, ['eve says hello']);
  });

  it('goes on while the other flow is paused', async () => {
    world.salesforce.settings.paused = true;
    world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    await world.call('POST', '/v1/greetings', { name: 'kim' });
    await world.run();
    assert.deepEqual([said, world.external.received], [['kim says hello'], []]);
  });

  it('goes on when the other flow has used up its API calls of the day, and has its own', async () => {
    await start({ flows: { cases: { dailyApiCalls: 0 }, [GREETINGS]: { dailyApiCalls: 10 } } });
    world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    await world.pass(10_000);
    await world.call('POST', '/v1/greetings', { name: 'kai' });
    await world.run();
    assert.deepEqual(said, ['kai says hello']);
    const { flows } = (await world.call('GET', '/v1/status')).json;
    assert.deepEqual([flows.cases.budget.isSpent, flows[GREETINGS].budget.isSpent], [true, false]);
    const { problems } = (await world.call('GET', '/ready')).json;
    assert.equal(problems.filter((problem: string) => /API calls of today/.test(problem)).length, 1);
    assert.match(problems[0], /^cases: /);
  });

  it('has its own patience', async () => {
    await start({ flows: { [GREETINGS]: { maxAttempts: 1 } } });
    greet = () => ({ is: 'refused', code: 'NO_STAMP', cause: 'the letter has no stamp' });
    await world.call('POST', '/v1/greetings', { name: 'lee' });
    await world.run();
    assert.equal((await letters()).length, 1);
  });

  it('is counted, and shown by its own words', async () => {
    await world.call('POST', '/v1/greetings', { name: 'zoe' });
    await world.run();
    const { flows, queue } = (await world.call('GET', '/v1/status')).json;
    assert.deepEqual([flows.greetings.said, flows.greetings.counters], [1, { greetings: 1 }]);
    assert.deepEqual(Object.keys(flows.greetings.circuits), ['post', 'desk']);
    assert.equal(queue.open, 0);
  });

  describe('whose external system', () => {
    const MESSAGES = { messages: [] };
    const callers = { external: { cases: 'of-cases', [GREETINGS]: 'of-greetings' }, intake: null, operator: null };
    const post = async (path: string, token: string, body: object): Promise<[status: number, errorCode: string]> => {
      const { status, json } = await world.call('POST', path, body, { authorization: `Bearer ${token}` });
      return [status, json.errorCode];
    };

    it('is known by a token of its own, and is refused by name at the endpoint of another flow', async () => {
      await start({ callers });
      assert.equal((await post('/v1/greetings', 'of-greetings', { name: 'ann' }))[0], 202);
      assert.equal((await post('/v1/messages', 'of-cases', MESSAGES))[0], 202);
      assert.deepEqual(await post('/v1/greetings', 'of-cases', { name: 'eve' }), [403, 'OTHER_FLOW']);
      assert.deepEqual(await post('/v1/messages', 'of-greetings', MESSAGES), [403, 'OTHER_FLOW']);
      const refused = await world.call('POST', '/v1/messages', MESSAGES, { authorization: 'Bearer of-greetings' });
      assert.match(refused.json.message, /external system of the flow greetings; .* the flow cases/);
      assert.deepEqual(await post('/v1/messages', 'anything', MESSAGES), [401, 'UNAUTHORIZED']);
      await world.run();
      assert.deepEqual(said, ['ann says hello'], 'what was refused was not taken in');
    });

    it('is let in nowhere while its flow has no token', async () => {
      await start({ callers: { ...callers, external: { cases: 'of-cases' } } });
      assert.deepEqual(await post('/v1/greetings', 'of-greetings', { name: 'ann' }), [401, 'UNAUTHORIZED']);
      assert.equal((await post('/v1/messages', 'of-cases', MESSAGES))[0], 202);
    });
  });

  it('may not take the route of another flow', async () => {
    const flow = greetings(outside);
    const twin = {
      ...flow,
      name: 'twin',
      open: (context: FlowContext, view: View) => ({ ...flow.open(context, view), targets: {} }),
    };
    await assert.rejects(
      assemble({ db: database.db, clock: world.clock, random: world.random }, [flow, twin]),
      /the flow twin wants POST \/v1\/greetings, which is taken/,
    );
  });

  it('keeps the same ids and keys apart from those of another flow', async () => {
    const created = world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    await world.call('POST', '/v1/greetings', { name: created.key });
    await world.run();
    assert.deepEqual(said, [`${created.key} says hello`]);
    assert.equal((await outcomes(created.key)).filter((line) => line.startsWith('greetings ')).length, 4);
  });
});
