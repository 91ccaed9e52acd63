import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SeedsRun } from './run-seeds.ts';

const SIMULATE = fileURLToPath(new URL('../../scripts/simulate.ts', import.meta.url));

export interface ProcessesOptions {
  seeds: number;
  first: number;
  processes: number;
  minutes: number;
  /** The name of the flow that plays, or `all`. */
  flow: string;
}

/** Runs seeds in several processes, dealt out in turn. A process that ends without a result is a failure of its own. */
export const runInProcesses = ({ seeds, first, processes, minutes, flow }: ProcessesOptions): Promise<SeedsRun[]> =>
  Promise.all(
    Array.from({ length: processes }, (_, number) => {
      const options = { seeds: seeds - number, seed: first + number, stride: processes, flow };
      const text = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
      const child = fork(SIMULATE, [...text, ...(Number.isFinite(minutes) ? ['--minutes', String(minutes)] : [])]);
      return new Promise<SeedsRun>((resolve, reject) => {
        child.on('message', (run) => resolve(run as SeedsRun));
        child.on('error', reject);
        // after its messages, unlike the exit
        child.on('disconnect', () => reject(new Error('a simulation process ended without a result')));
      });
    }),
  );

/** Tells the parent process what was run; false when there is none. */
export const reportSeeds = (run: SeedsRun): Promise<boolean> => {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  if (process.send === undefined) resolve(false);
  else process.send(run, (error: Error | null) => (error ? reject(error) : resolve(true)));
  return promise;
};
