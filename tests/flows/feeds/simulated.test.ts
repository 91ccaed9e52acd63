/** Feeds in the simulation, alone in their world. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { simulatedFeeds } from '../../../src/flows/feeds/simulated/index.ts';
import { describeFailure, forSeconds, runSeeds, summary } from '../../../src/simulation/run-seeds.ts';
import { simulate } from '../../../src/simulation/simulate.ts';
import { openStage, type Stage } from '../../../src/simulation/stage.ts';

const FLOWS = [simulatedFeeds];
/** Runs twice: it is short. With CONCORD_ALL_SEEDS=1, as .ci/run does, others too, and then as many seeds as fit. */
const ALL = process.env['CONCORD_ALL_SEEDS'] === '1';
const TWICE = ALL ? [7, 8, 13] : [13];
const SECONDS = 5;
const MAX_SEEDS = 40;

describe('feeds alone', () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage(FLOWS);
  });
  after(() => stage.close());

  it('the same seed is the same run', async () => {
    for (const seed of TWICE) {
      const [first, second] = [await simulate(seed, stage, FLOWS), await simulate(seed, stage, FLOWS)];
      assert.deepEqual(first.violations, [], describeFailure(first, 'feeds'));
      assert.equal(second.trace, first.trace);
      assert.deepEqual(second.faults, first.faults);
    }
  });

  const skip = ALL ? false : 'one seed above, for time: CI plays many';
  it(
    'whatever breaks, the view is the org or the difference is named, and nothing is lost, doubled or emptied',
    { skip },
    async (t) => {
      const run = await runSeeds(stage, FLOWS, { first: 1, count: MAX_SEEDS, goesOn: forSeconds(SECONDS) });
      t.diagnostic(summary(run));
      assert.equal(run.failed.length, 0, run.failed.map((result) => describeFailure(result, 'feeds')).join('\n'));
      assert.ok(run.seeds > 0);
    },
  );
});
