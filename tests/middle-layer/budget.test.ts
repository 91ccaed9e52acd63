import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { testDatabase } from './support/database.ts';
import { World } from './support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** From 07:30, when the world begins, until after the day has turned. */
const UNTIL_TOMORROW = 16 * HOUR + 31 * MINUTE;

describe('the API calls that a flow may make in a day', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let world: World;
  before(async () => (database = await testDatabase()));
  beforeEach(() => database.reset());
  after(() => database.close());

  const open = async (dailyApiCalls: number): Promise<void> => {
    world = await World.open(database.db, { flows: { cases: { dailyApiCalls } } });
  };
  const status = async (): Promise<any> => (await world.call('GET', '/v1/status')).json.flows.cases;
  const problems = async (): Promise<string[]> => (await world.call('GET', '/ready')).json.problems;
  const create = (subject: string): ReturnType<World['salesforce']['createCase']> =>
    world.salesforce.createCase({ Subject: subject });
  /** So many minutes, one after the other. */
  const minutes = async (count: number): Promise<void> => {
    for (let minute = 0; minute < count; minute++) await world.pass(MINUTE);
  };

  it('hold nothing up while some are left', async () => {
    await open(100);
    const created = create('a');
    await world.run();
    assert.equal(created.status, 'Success');
    const { budget, counters } = await status();
    assert.deepEqual(budget, {
      perDay: 100,
      used: counters.salesforceApiCalls,
      isSpent: false,
      turnsAt: '2026-11-22T00:00:00.000Z',
    });
    assert.deepEqual(await problems(), []);
  });

  it('are used up: what is pending stays in Salesforce, messages for it wait, and the settings are read now and then', async () => {
    await open(4);
    create('a');
    await world.run();
    const late = create('b');
    await minutes(120);
    assert.equal(late.status, 'In Progress');
    const { budget, counters } = await status();
    assert.equal(budget.isSpent, true);
    assert.ok(
      counters.salesforceApiCalls <= 4 + 2,
      `${counters.salesforceApiCalls} calls: two sweeps of the settings come on top`,
    );
    world.salesforce.settings.paused = true;
    await minutes(61);
    assert.equal((await status()).paused, 'PAUSED_IN_SALESFORCE', 'the kill switch is still noticed');
  });

  it('are used up, and it is said what to do: when asked whether ready, in the log once, in the audit of what waits', async () => {
    await open(4);
    const created = create('a');
    await world.run();
    world.external.change(created.key, { Status: 'Working' });
    await world.run();
    await minutes(5);
    assert.match(
      (await problems())[0]!,
      /^cases: its 4 Salesforce API calls of today are used up: .* until 2026-11-22T00:00:00.000Z; .* raise its dailyApiCalls$/,
    );
    const told = world.logs.filter(({ event }) => event === 'api budget spent');
    assert.equal(told.length, 1);
    assert.deepEqual([told[0]!.level, told[0]!.detail?.flow], ['warn', 'cases']);
    const codes = await database.db.query<{ code: string }>(
      "SELECT code FROM audit WHERE target = 'salesforce' AND outcome = 'UNAVAILABLE'",
    );
    assert.deepEqual(
      codes.map(({ code }) => code),
      ['API_BUDGET_SPENT'],
    );
  });

  it('are new when the day turns, also for who was started again', async () => {
    await open(4);
    create('a');
    await world.run();
    const late = create('b');
    await minutes(10);
    await world.start({ flows: { cases: { dailyApiCalls: 4 } } });
    await minutes(10);
    assert.equal(late.status, 'In Progress', 'a restart gives no calls');
    await world.clock.advance(UNTIL_TOMORROW - 20 * MINUTE);
    await minutes(3);
    assert.equal(late.status, 'Success');
    assert.equal(world.logs.filter(({ event }) => event === 'api budget renewed').length, 1);
    assert.equal((await status()).budget.turnsAt, '2026-11-23T00:00:00.000Z');
  });
});
