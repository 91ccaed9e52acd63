import type { FlowInWorld, SimulatedFlow } from './flow.ts';
import { Play } from './play.ts';
import { Violation } from './process.ts';
import type { Stage } from './stage.ts';

export interface SimulationResult {
  seed: number;
  violations: string[];
  /** Hours on the clock. */
  hours: number;
  /** How often each fault struck, by class. */
  faults: Record<string, number>;
  /** Of everything that happened. */
  trace: string;
}

const ACTIONS = 25;
const ROUNDS_BEFORE_CORRECTION = 6;
const MINUTE = 60_000;

const live = async (play: Play): Promise<string[]> => {
  const { random, clock } = play.world;
  for (let serial = 0; serial < ACTIONS; serial++) {
    await play.act(serial);
    await play.breakSomething();
    const rounds = Math.floor(random.next() * 4);
    for (let i = 0; i < rounds; i++) {
      await play.world.round();
      await clock.advance(Math.floor(random.next() * 20_000));
    }
    const broken = await play.always();
    if (broken.length > 0) return broken;
    if (random.next() < 0.15) await clock.advance(Math.floor(random.next() * 30 * MINUTE));
  }
  return [];
};

const trials = async (play: Play, flow: FlowInWorld): Promise<string[]> =>
  (await flow.afterwards?.({
    settle: () => play.settle(),
    disturb: () => play.disturb(),
    calm: () => play.calm(),
  })) ?? [];

const judge = async (play: Play): Promise<string[]> => {
  const { flows } = play;
  const touched = await play.leaveAlone();
  if (touched.length > 0) return touched;
  play.calm();
  await play.world.revive();
  for (const flow of flows) await flow.resume(ACTIONS);
  // what was refused does not rest before somebody has corrected it
  await play.settle(ROUNDS_BEFORE_CORRECTION);
  const mistold = await play.told();
  if (mistold.length > 0) return mistold;
  for (const flow of flows) await flow.correct(ACTIONS);
  const stuck = await play.settle();
  if (stuck.length > 0) return ['not at rest after people corrected and retried what was refused', ...stuck];
  const broken = await play.atRest();
  for (const flow of flows) if (broken.length === 0) broken.push(...(await trials(play, flow)));
  if (broken.length === 0) broken.push(...(await play.outlive()));
  return broken;
};

/** A part that fails breaks what must hold as much as a wrong record does. Errors of the simulation itself escape. */
const unlessPartFails = (course: Promise<string[]>): Promise<string[]> =>
  course.catch((error: unknown) => {
    if (error instanceof Violation) return [error.message];
    throw error;
  });

/**
 * Runs one seed to its end: people act while things break, then quiet, then judgement. Rejects when the simulation
 * itself fails, which tells nothing of the parts.
 */
export const simulate = async (
  seed: number,
  stage: Stage,
  flows: readonly SimulatedFlow[],
): Promise<SimulationResult> => {
  // by the number, not by a draw: seeds with and without events alternate, so a few in a row always try both
  const opened = Play.open(seed, stage, flows, { stream: seed % 2 === 0 });
  const [refusal] = await unlessPartFails(opened.then(() => []));
  if (refusal !== undefined) return { seed, violations: [refusal], hours: 0, faults: {}, trace: '' };
  const play = await opened;
  const began = play.world.clock.now();
  play.disturb();
  try {
    const broken = await unlessPartFails(live(play));
    const violations = broken.length > 0 ? broken : await unlessPartFails(judge(play));
    const hours = (play.world.clock.now() - began) / (60 * MINUTE);
    return { seed, violations, hours, faults: play.faults, trace: play.world.trace.digest() };
  } finally {
    play.close();
  }
};
