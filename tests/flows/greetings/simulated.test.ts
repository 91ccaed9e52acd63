import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { simulatedFlows } from '../../../src/flows/index.ts';
import type { SimulatedFlow } from '../../../src/simulation/flow.ts';
import { simulate } from '../../../src/simulation/simulate.ts';
import { openStage, type Stage } from '../../../src/simulation/stage.ts';
import { simulatedGreetings } from './simulated.ts';

/** Beside the flows that there are: with CONCORD_ALL_SEEDS=1, as .ci/run does; otherwise alone, for time. */
const isBeside = process.env['CONCORD_ALL_SEEDS'] === '1';

describe('a flow that the shared parts have never heard of, in the simulation', () => {
  let others: SimulatedFlow[];
  let stage: Stage;
  before(async () => {
    others = isBeside ? await simulatedFlows() : [];
    stage = await openStage([...others, simulatedGreetings()]);
  });
  after(() => stage.close());

  it('alone: while everything breaks, nothing that was accepted is lost or doubled', async () => {
    const struck: Record<string, number> = {};
    for (const seed of [1, 2, 3, 4]) {
      const { violations, faults } = await simulate(seed, stage, [simulatedGreetings()]);
      assert.deepEqual(violations, [], `seed ${seed}`);
      for (const [name, count] of Object.entries(faults)) struck[name] = (struck[name] ?? 0) + count;
    }
    for (const name of ['crash.middleLayer', 'loseResponse', 'duplicate', 'no stamp'])
      assert.ok((struck[name] ?? 0) > 0, `${name} struck in none of the seeds: ${JSON.stringify(struck)}`);
  });

  const skip = isBeside ? false : '.ci/run plays it, by CONCORD_ALL_SEEDS=1';
  it('beside the flows that there are, and neither disturbs the other', { skip }, async () => {
    for (const seed of [5, 6, 7, 8]) {
      const { violations } = await simulate(seed, stage, [...others, simulatedGreetings()]);
      assert.deepEqual(violations, [], `seed ${seed}`);
    }
  });

  it('and what its desk forgets is noticed', async () => {
    const { violations } = await simulate(1, stage, [simulatedGreetings({ isForgetful: true })]);
    assert.match(violations.join('\n'), /the reply to guest \d+ did not come once/);
  });
});
