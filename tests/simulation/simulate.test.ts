import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { seededRandom } from 'kernel/random.ts';
import { Meetings } from '../../src/flows/cases/simulated/meetings.ts';
import { simulatedCases } from '../../src/flows/cases/simulated/index.ts';
import { updateMany } from '../../src/flows/cases/simulated/people/inside.ts';
import { allCases } from '../../src/flows/cases/simulated/people/types.ts';
import { CASES } from '../../src/flows/cases/carried/name.ts';
import { Chaos } from '../../src/simulation/chaos.ts';
import type { SimulatedFlow } from '../../src/simulation/flow.ts';
import { Ledger } from '../../src/simulation/ledger.ts';
import { Play } from '../../src/simulation/play.ts';
import { describeFailure, forSeconds, runSeeds, summary } from '../../src/simulation/run-seeds.ts';
import { SAMPLE } from '../../src/shared/sample.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { openStage, type Stage } from '../../src/simulation/stage.ts';

/** As many seeds as fit, at least one and at most so many: CI runs others, and more of them. */
const SECONDS = 6;
const MAX_SEEDS = 100;
/** Seeds that are run twice: all of them with CONCORD_ALL_SEEDS=1, as .ci/run does; otherwise one, for time. */
const TWICE = process.env['CONCORD_ALL_SEEDS'] === '1' ? [3, 4, 6] : [3];

let flows: SimulatedFlow[];
let stage: Stage;
before(async () => {
  flows = [simulatedCases];
  stage = await openStage(flows);
});
after(() => stage.close());

test('the same seed is the same run', async () => {
  for (const seed of TWICE) {
    const first = await simulate(seed, stage, flows);
    const second = await simulate(seed, stage, flows);
    assert.equal(second.trace, first.trace, `seed ${seed} took two courses`);
    assert.deepEqual(second.faults, first.faults);
  }
});

test('whatever breaks, nothing is lost, nothing is applied twice, and both sides end equal', async (t) => {
  const run = await runSeeds(stage, flows, { first: 1, count: MAX_SEEDS, goesOn: forSeconds(SECONDS) });
  t.diagnostic(summary(run));
  assert.equal(run.failed.length, 0, run.failed.map((result) => describeFailure(result, CASES)).join('\n'));
  assert.ok(run.seeds > 0);
});

/** An org with a second integration, whose Apex agents can come into. */
const HOSTED_SEED = 10_141;

test('of an agent and of the integration into whose transaction the agent came, the integration has written last', async () => {
  const play = await Play.open(HOSTED_SEED, stage, [simulatedCases]);
  try {
    const { world, flows: entered } = play;
    const [{ scene }] = entered as [(typeof entered)[number]];
    assert.ok(world.hosted);
    for (const subject of ['one', 'two']) await world.salesforce('POST', '/sobjects/Case', { Subject: subject });
    const ledger = new Ledger();
    const meetings = new Meetings(scene, ledger, seededRandom(1));
    // the first that can happen happens: an agent comes in
    const always = new Chaos(world, { next: () => 0 });
    const field = SAMPLE.play.ownedInside;
    for (let serial = 0; serial < 40; serial += 2) {
      await meetings.strike(always);
      await updateMany(scene, ledger, serial);
      const values = new Map((await allCases(scene)).map((row) => [row.Sync_Key__c, row[field]]));
      for (const [key, of, last] of ledger.entries(() => 'salesforce'))
        if (of === field) assert.deepEqual(last, [values.get(key)], `after ${serial}`);
    }
    const byAgents = ledger
      .given()
      .flatMap(([key, of]) => (of === field ? [...ledger.everGiven(key, of)] : []))
      .filter((value) => /^inside 10\d{3}$/.test(value ?? ''));
    assert.ok(byAgents.length > 0, 'no agent gave this field a value');
  } finally {
    play.close();
  }
});
