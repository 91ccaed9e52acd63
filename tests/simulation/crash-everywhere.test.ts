import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { simulatedCases } from '../../src/flows/cases/simulated/index.ts';
import { Play } from '../../src/simulation/play.ts';
import { openStage, type Stage } from '../../src/simulation/stage.ts';

const ROUNDS = 8;
const PAUSE_MS = 15_000;
const QUIET_MS = 40 * 60_000;
/** `CONCORD_STEPS=2+1`: every second step from the first one on, as .ci/run tries; otherwise every 90th, for time. */
const [STRIDE, FIRST] = (process.env['CONCORD_STEPS'] ?? '90+1').split('+').map(Number) as [number, number];

let stage: Stage;
before(async () => {
  stage = await openStage([simulatedCases]);
});
after(() => stage.close());

/** A Case is created here, one outside, and each is changed on the other side; `part` dies at its n-th step. False: it was not reached. */
const diesAtStep = async (part: string, n: number): Promise<boolean> => {
  const play = await Play.open(1, stage, [simulatedCases]);
  const { world } = play;
  const rounds = async (count: number, pauseMs: number): Promise<void> => {
    for (let round = 0; round < count; round++) {
      await world.round();
      await world.clock.advance(pauseMs);
    }
  };
  try {
    const life = world.process(part).life;
    life.dieIn(n);
    const { id } = await world.salesforce<{ id: string }>('POST', '/sobjects/Case', { Subject: 'made inside' });
    await rounds(ROUNDS, PAUSE_MS);
    await world.salesforce('PATCH', `/sobjects/Case/${id}`, { Subject: 'changed inside' });
    await rounds(ROUNDS, PAUSE_MS);
    const died = life.dead;
    await rounds(ROUNDS, PAUSE_MS);
    // what was lost is found by the job and the pollers
    await rounds(4, QUIET_MS);
    await rounds(4, PAUSE_MS);
    assert.deepEqual(await play.atRest(), [], `${part} died at its step ${n}`);
    const [row] = await world.query<{ Subject: string; Sync_Version__c: number }>(
      'SELECT Subject, Sync_Version__c FROM Case',
    );
    assert.deepEqual([row!.Subject, row!.Sync_Version__c], ['changed inside', 2]);
    return died;
  } finally {
    play.close();
  }
};

for (const part of ['middleLayer', 'external'] as const) {
  test(`the ${part} may die at any of its steps`, async (t) => {
    let step = FIRST;
    while (await diesAtStep(part, step)) step += STRIDE;
    t.diagnostic(`of its ${step - 1} steps it died at every ${STRIDE}th from the ${FIRST}th on`);
    assert.ok(step > 50, `it was done after ${step} steps`);
  });
}
