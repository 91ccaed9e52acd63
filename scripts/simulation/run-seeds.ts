import { simulate, type SimulationResult } from './simulate.ts';
import type { Stage } from './stage.ts';

export interface SeedsRun {
  seeds: number;
  failed: SimulationResult[];
  hours: number;
  /** How often each fault struck, by class. */
  faults: Record<string, number>;
}

export interface SeedsOptions {
  first: number;
  count: number;
  /** Asked before each seed. */
  goesOn: () => boolean;
  /** Told of each failing seed at once. */
  onFailure?: (result: SimulationResult) => void;
}

/** Runs seeds one after the other and sums up. */
export const runSeeds = async (stage: Stage, { first, count, goesOn, onFailure }: SeedsOptions): Promise<SeedsRun> => {
  const run: SeedsRun = { seeds: 0, failed: [], hours: 0, faults: {} };
  for (let seed = first; seed < first + count && goesOn(); seed++) {
    const result = await simulate(seed, stage).catch((error: Error): SimulationResult => ({
      seed,
      violations: [`the simulation itself failed: ${error.stack}`],
      hours: 0,
      faults: {},
      trace: '',
    }));
    run.seeds++;
    run.hours += result.hours;
    for (const [name, number] of Object.entries(result.faults)) run.faults[name] = (run.faults[name] ?? 0) + number;
    if (result.violations.length === 0) continue;
    run.failed.push(result);
    onFailure?.(result);
  }
  return run;
};

/** What broke in a seed, and the line that replays it. */
export const describeFailure = ({ seed, violations }: SimulationResult): string =>
  [
    `seed ${seed} failed; replay: npm run simulate -- --seeds 1 --seed ${seed}`,
    ...violations.map((line) => `  ${line}`),
  ].join('\n');

export const summary = ({ seeds, hours, faults }: SeedsRun): string =>
  `${seeds} seeds, ${Math.round(hours)} simulated hours; faults: ${Object.entries(faults)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, number]) => `${name} ${number}`)
    .join(', ')}`;
