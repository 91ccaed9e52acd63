/** The usage flow in the simulation: alone, and beside Cases. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { simulatedFlows } from '../../../src/flows/index.ts';
import { USAGE } from '../../../src/flows/usage/carried/name.ts';
import { simulatedUsage } from '../../../src/flows/usage/simulated/index.ts';
import { describeFailure, forSeconds, runSeeds, summary } from '../../../src/simulation/run-seeds.ts';
import { simulate } from '../../../src/simulation/simulate.ts';
import { openStage, type Stage } from '../../../src/simulation/stage.ts';

/** As many seeds as fit, at least one and at most so many: CI runs others, and more of them. */
const SECONDS = 5;
const MAX_SEEDS = 40;
/** Beside the other flows: both with CONCORD_ALL_SEEDS=1, as .ci/run does, which runs others besides. */
const BESIDE = process.env['CONCORD_ALL_SEEDS'] === '1' ? [1, 2] : [2];

describe('usage alone', () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage([simulatedUsage]);
  });
  after(() => stage.close());

  it('the same seed is the same run', async () => {
    const [first, second] = [await simulate(2, stage, [simulatedUsage]), await simulate(2, stage, [simulatedUsage])];
    assert.equal(second.trace, first.trace);
    assert.deepEqual(second.faults, first.faults);
  });

  it('whatever breaks, the sums are right, what is fulfilled stays, and no booking is lost, doubled or out of order', async (t) => {
    const goesOn = forSeconds(SECONDS);
    const run = await runSeeds(stage, [simulatedUsage], { first: 1, count: MAX_SEEDS, goesOn });
    t.diagnostic(summary(run));
    assert.equal(run.failed.length, 0, run.failed.map((result) => describeFailure(result, USAGE)).join('\n'));
    assert.ok(run.seeds > 0);
  });
});

describe('usage beside the other flows', () => {
  it('in one org, over one middle layer, and neither disturbs the other', async () => {
    const flows = await simulatedFlows();
    const stage = await openStage(flows);
    try {
      for (const seed of BESIDE) {
        const result = await simulate(seed, stage, flows);
        assert.deepEqual(result.violations, [], describeFailure(result, 'all'));
      }
    } finally {
      await stage.close();
    }
  });
});
