import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { testDatabase } from './support/database.ts';
import { Life, mortalDatabase, SimulatedCrash } from '../../src/simulation/life.ts';
import { mortalPorts } from './support/mortal-ports.ts';
import { World } from './support/world.ts';

/** People's part of the story, each act once: one Case changes here, one outside, one is deleted. */
const act = (world: World): void => {
  const [a, b, c] = [...world.salesforce.cases.values()];
  if (a!.version === 1) world.salesforce.updateCase(a!.key, { Subject: 'a2' });
  if (world.external.records.get(b!.key)!.revision === 1) world.external.change(b!.key, { Status: 'Closed' });
  if (c) world.salesforce.deleteCase(c.key, '2026-11-21T07:30:00Z');
};

const tell = async (world: World): Promise<void> => {
  await world.run();
  act(world);
  await world.pass(10_000);
};

const assertAgreed = (world: World): void => {
  const { salesforce, external } = world;
  assert.equal(external.records.size, 3);
  for (const found of salesforce.cases.values()) {
    const record = external.records.get(found.key)!;
    assert.deepEqual(
      { status: found.status, pending: found.pending, externalId: found.externalId, values: found.values },
      { status: 'Success', pending: null, externalId: record.externalId, values: record.values },
    );
    assert.equal(record.salesforceCaseId, found.id);
    assert.equal(record.syncStatus, 'Success');
  }
  assert.equal(salesforce.cases.size, 2);
  const [first, second, third] = [...external.records.values()];
  assert.deepEqual([first!.revision, second!.revision, third!.revision], [2, 2, 1], 'each change was done once');
  assert.ok(third!.deletedInSalesforce);
  assert.ok(salesforce.tombstones.every(({ pending }) => !pending));
};

/** Every step is tried when CRASH_STRIDE is 1; by default, for time, every 23rd, and on a server every fifth. */
const STRIDE = Number(process.env.CRASH_STRIDE ?? (process.env.CONCORD_SERVER_TESTS === '1' ? 5 : 23));

describe('a crash', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  before(async () => (database = await testDatabase()));
  beforeEach(() => database.reset());
  after(() => database.close());

  for (const [way, least] of [
    ['by its outbox', 100],
    ['in receipts', 60],
  ] as const)
    it(`at any step is made up for after the restart, the registry answering ${way}: nothing lost, nothing done twice`, async () => {
      for (let at = 1; ; at += STRIDE) {
        await database.reset();
        const world = new World(database.db, at);
        world.external.answersAtOnce = () => way === 'in receipts';
        for (const Subject of ['a', 'b', 'c']) world.salesforce.createCase({ Subject });
        const life = new Life();
        life.dieIn(at);
        try {
          await world.start({}, mortalPorts(life), mortalDatabase(database.db, life));
          await tell(world);
        } catch (error) {
          if (!(error instanceof SimulatedCrash)) throw error;
          await world.start();
          await tell(world);
        }
        assertAgreed(world);
        if (life.dead) continue;
        assert.ok(at > least, `the story took only ${at} steps`);
        return;
      }
    });
});
