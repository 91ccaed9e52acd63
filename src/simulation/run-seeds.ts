import type { SimulatedFlow } from './flow.ts';
import { simulate, type SimulationResult } from './simulate.ts';
import type { Stage } from './stage.ts';

export interface SeedsRun {
  seeds: number;
  failed: SimulationResult[];
  hours: number;
  /** How often each fault struck, by class. */
  faults: Record<string, number>;
}

export const NOTHING_RUN: SeedsRun = { seeds: 0, failed: [], hours: 0, faults: {} };

/** Two runs as one. */
export const add = (a: SeedsRun, b: SeedsRun): SeedsRun => {
  const faults = { ...a.faults };
  for (const [name, number] of Object.entries(b.faults)) faults[name] = (faults[name] ?? 0) + number;
  return { seeds: a.seeds + b.seeds, failed: [...a.failed, ...b.failed], hours: a.hours + b.hours, faults };
};

export interface SeedsOptions {
  first: number;
  count: number;
  /** From one seed to the next. */
  stride?: number;
  /** Asked before each seed. */
  goesOn: () => boolean;
  /** Told of each failing seed at once. */
  onFailure?: (result: SimulationResult) => void;
}

/** For `goesOn`: one seed, and more until so many seconds have passed. */
export const forSeconds = (seconds: number): (() => boolean) => {
  const deadline = performance.now() + seconds * 1_000;
  let begun = 0;
  return () => begun++ === 0 || performance.now() < deadline;
};

/** Runs seeds one after the other and sums up. */
export const runSeeds = async (
  stage: Stage,
  flows: readonly SimulatedFlow[],
  { first, count, stride = 1, goesOn, onFailure }: SeedsOptions,
): Promise<SeedsRun> => {
  let run = NOTHING_RUN;
  for (let seed = first; seed < first + count && goesOn(); seed += stride) {
    const result = await simulate(seed, stage, flows).catch((error: Error): SimulationResult => ({
      seed,
      violations: [`the simulation itself failed: ${error.stack}`],
      hours: 0,
      faults: {},
      trace: '',
    }));
    const failed = result.violations.length > 0 ? [result] : [];
    run = add(run, { seeds: 1, failed, hours: result.hours, faults: result.faults });
    if (failed.length > 0) onFailure?.(result);
  }
  return run;
};

/** What broke in a seed, and the line that replays it. `flow`: which one played, or `all`. */
export const describeFailure = ({ seed, violations }: SimulationResult, flow: string): string =>
  [
    `seed ${seed} failed; replay: npm run simulate -- --flow ${flow} --seeds 1 --seed ${seed}`,
    ...violations.map((line) => `  ${line}`),
  ].join('\n');

export const summary = ({ seeds, hours, faults }: SeedsRun): string =>
  `${seeds} seeds, ${Math.round(hours)} simulated hours; faults: ${Object.entries(faults)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, number]) => `${name} ${number}`)
    .join(', ')}`;
