/** Who watches is answered beside the work: what is counted is how often the database is asked, one after the other. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { TargetUnavailable } from '../../src/middle-layer/clients/errors.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { testDatabase } from './support/database.ts';
import { World } from './support/world.ts';

/** As many as a status may ask, and how many of them wait for another's answer: a busy database makes each wait its turn. */
const MAX_STATEMENTS = 8;
const MAX_TURNS = 3;

let database: Awaited<ReturnType<typeof testDatabase>>;
before(async () => (database = await testDatabase()));
beforeEach(() => database.reset());
after(() => database.close());

/** The same database; `turns` has, of each turn, how many statements were asked in it: those of a turn wait for nothing but the turn before. */
const watched = (db: Database): { db: Database; turns: number[] } => {
  const turns: number[] = [];
  let [underWay, answered] = [0, true];
  const query: Database['query'] = async <Row>(...asked: Parameters<Database['query']>): Promise<Row[]> => {
    if (answered) turns.push(0);
    answered = false;
    turns[turns.length - 1]! += 1;
    underWay += 1;
    try {
      return await db.query<Row>(...asked);
    } finally {
      underWay -= 1;
      answered = answered || underWay === 0;
    }
  };
  return { db: { ...db, query }, turns };
};

test('the status asks the database for all at once, whatever is open', async () => {
  const world = new World(database.db);
  for (let index = 0; index < 20; index++) world.salesforce.createCase({ Subject: `Case ${index}` });
  const { db, turns } = watched(database.db);
  world.external.send = async () => {
    throw new TargetUnavailable('HTTP_503', 'the external system is down');
  };
  await world.start({}, (same) => same, db);
  await world.sweep();
  turns.length = 0;
  const { json } = await world.call('GET', '/v1/status');
  assert.ok(json.queue.open > 0, 'something is open');
  assert.ok(turns.reduce((sum, count) => sum + count, 0) <= MAX_STATEMENTS, `statements by turn: ${turns.join(', ')}`);
  assert.ok(turns.length <= MAX_TURNS, `statements by turn: ${turns.join(', ')}`);
});

test('the status tells of each flow why it is paused, and what is left', async () => {
  const world = await World.open(database.db);
  const paused = (await world.call('GET', '/v1/status')).json;
  assert.equal(paused.flows.cases.paused, 'NOT_SWEPT_YET');
  assert.deepEqual(paused.flows.cases.counters, {});
  world.salesforce.createCase({ Subject: 'one' });
  await world.run();
  const { queue, flows } = (await world.call('GET', '/v1/status')).json;
  assert.deepEqual([flows.cases.paused, queue.open, queue.due], [null, 0, 0]);
  assert.ok(flows.cases.counters.salesforceApiCalls > 0);
});
