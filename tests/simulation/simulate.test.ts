import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { describeFailure, runSeeds, summary } from '../../src/simulation/run-seeds.ts';
import { simulate } from '../../src/simulation/simulate.ts';
import { openStage, type Stage } from '../../src/simulation/stage.ts';

/** As many seeds as fit, at most so many: CI runs others, and more of them. */
const MINUTES = 1.5;
const MOST_SEEDS = 100;

let stage: Stage;
before(async () => {
  stage = await openStage();
});
after(() => stage.close());

test('the same seed is the same run', async () => {
  for (const seed of [3, 4]) {
    const first = await simulate(seed, stage);
    const second = await simulate(seed, stage);
    assert.equal(second.trace, first.trace, `seed ${seed} took two courses`);
    assert.deepEqual(second.faults, first.faults);
  }
});

test('whatever breaks, nothing is lost, nothing is applied twice, and both sides end equal', async (t) => {
  const deadline = performance.now() + MINUTES * 60_000;
  const run = await runSeeds(stage, { first: 1, count: MOST_SEEDS, goesOn: () => performance.now() < deadline });
  t.diagnostic(summary(run));
  assert.equal(run.failed.length, 0, run.failed.map(describeFailure).join('\n'));
  assert.ok(run.seeds > 0);
});
