import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { simulatedFlows } from '../../src/flows/index.ts';
import type { SimulatedFlow } from '../../src/simulation/flow.ts';
import { describeFailure, runSeeds, summary } from '../../src/simulation/run-seeds.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { openStage, type Stage } from '../../src/simulation/stage.ts';

/** As many seeds as fit, at most so many: CI runs others, and more of them. */
const MINUTES = 0.25;
const MAX_SEEDS = 100;

let flows: SimulatedFlow[];
let stage: Stage;
before(async () => {
  flows = await simulatedFlows();
  stage = await openStage(flows);
});
after(() => stage.close());

test('the same seed is the same run', async () => {
  for (const seed of [3, 4]) {
    const first = await simulate(seed, stage, flows);
    const second = await simulate(seed, stage, flows);
    assert.equal(second.trace, first.trace, `seed ${seed} took two courses`);
    assert.deepEqual(second.faults, first.faults);
  }
});

test('whatever breaks, nothing is lost, nothing is applied twice, and both sides end equal', async (t) => {
  const deadline = performance.now() + MINUTES * 60_000;
  const run = await runSeeds(stage, flows, { first: 1, count: MAX_SEEDS, goesOn: () => performance.now() < deadline });
  t.diagnostic(summary(run));
  assert.equal(run.failed.length, 0, run.failed.map(describeFailure).join('\n'));
  assert.ok(run.seeds > 0);
});
