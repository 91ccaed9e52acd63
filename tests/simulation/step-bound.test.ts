import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from 'kernel/clock.ts';
import { Life, SimulatedCrash } from '../../src/simulation/life.ts';
import { StepBound } from '../../src/simulation/step-bound.ts';

test('a process that takes ever more steps while time stands still ends, and is told', () => {
  const life = new Life(new StepBound(new ManualClock(0), 3));
  for (let step = 0; step < 3; step++) life.step();
  assert.throws(() => life.step(), SimulatedCrash);
  assert.ok(life.dead);
});

test('time that passes lets a process go on; one that went beyond stays broken', async () => {
  const clock = new ManualClock(0);
  const bound = new StepBound(clock, 3);
  for (let step = 0; step < 30; step++) {
    bound.pass();
    if (step % 3 === 2) await clock.advance(1);
  }
  assert.equal(bound.broken, null);
  for (let step = 0; step < 4; step++) bound.pass();
  await clock.advance(1);
  bound.pass();
  assert.match(bound.broken ?? '', /never rests: 3 steps/);
});
