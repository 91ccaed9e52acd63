/** A backlog of millions in an org of five million Cases, in small: what is counted are steps, which do not depend on that. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { LargeSalesforce } from '../flows/cases/in-memory/large-salesforce.ts';
import { readSweepState } from '../../src/flows/cases/carried/db/sweep-state.ts';
import { RECORDS_A_PART } from '../../src/reconciliation/sides/key-range.ts';
import { testDatabase } from './support/database.ts';
import { World } from './support/world.ts';

const MILLION = 1_000_000;
/** Each Case of the test, and each row of a page. */
const STANDS_FOR = 5_000;
const CASES = 5 * MILLION;

describe('a backlog that no index serves', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  before(async () => (database = await testDatabase()));
  beforeEach(() => database.reset());
  after(() => database.close());

  const open = async (pending: number): Promise<{ world: World; org: LargeSalesforce }> => {
    const world = new World(database.db, 1, (random) => new LargeSalesforce(random, STANDS_FOR, CASES - pending));
    for (let index = 0; index < pending / STANDS_FOR; index++)
      world.salesforce.createCase({ Subject: `Case ${index}` });
    await world.start({ sweepRoom: 100 });
    return { world, org: world.salesforce as LargeSalesforce };
  };
  const left = ({ salesforce }: World): number =>
    [...salesforce.cases.values()].filter(({ status }) => status !== 'Success').length;
  const drain = async (world: World): Promise<void> => {
    for (let steps = 0; left(world) > 0; steps++) {
      assert.ok(steps < 20_000, `it comes to an end: ${left(world)} are left`);
      const did = await world.layer.step();
      if (!did && (await world.publish()) === 0) await world.clock.advance(1_000);
    }
  };
  const calls = async (world: World): Promise<number> =>
    (await world.call('GET', '/v1/status')).json.flows.cases.counters.salesforceApiCalls;

  it('is read slice by slice, by a call for each page and slice, and all at once again when it is gone', async () => {
    const { world, org } = await open(MILLION / 2);
    await world.layer.step();
    assert.equal(org.ended, 1, 'Salesforce ends the first sweep');
    await drain(world);
    assert.ok(org.ended <= 2, `${org.ended} sweeps were ended`);
    const reads = MILLION / 2 / STANDS_FOR + CASES / RECORDS_A_PART;
    const used = await calls(world);
    assert.ok(used < 1.3 * reads, `${used} calls, ${reads} for pages and slices`);
    for (let minutes = 0; minutes < 10; minutes++) await world.pass(60_000);
    assert.equal((await readSweepState(database.db)).slices, 1);
    assert.ok(org.heartbeats.at(-1)?.clearSince, 'the org is told that all of it was read');
  });

  it('is read slice by slice too when Salesforce says nothing in time', async () => {
    const { world, org } = await open(MILLION / 2);
    org.endsWith = 'NO_ANSWER';
    await drain(world);
    assert.ok(org.ended <= 2, `${org.ended} sweeps were ended`);
  });

  it('of which little is left does not cut what is read when Salesforce is merely away', async () => {
    const { world, org } = await open(50_000);
    org.endsWith = 'NO_ANSWER';
    org.indexServes = 0;
    for (let steps = 0; org.ended < 3; steps++) {
      assert.ok(steps < 100);
      await world.layer.step();
      await world.clock.advance(60_000);
    }
    assert.equal((await readSweepState(database.db)).slices, 1);
  });
});
