import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Mutation } from '../types.ts';
import type { Outcome, Report } from './trial.ts';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));

/** A seed takes a second or two of a processor; this is for one that shares it with many others. */
const SILENCE_MS = 240_000;
/** Modules that were loaded again are never given back: a child lives for so many mutations. */
const LIFE = 25;

/** A child process and the silence after which it is taken for hung. */
class Tester {
  #child: ChildProcess | null = null;
  #tried = 0;

  /** Tries one mutation; a child that falls silent, or dies, is replaced. */
  async attempt(mutation: Mutation, seeds: number[]): Promise<Outcome> {
    if (this.#tried >= LIFE) this.close();
    const child = this.#child ?? (await this.#open());
    this.#tried += 1;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    let seed = 0;
    const hung = (): void => {
      this.close();
      resolve({ is: 'hung', seed });
    };
    let silence = setTimeout(hung, SILENCE_MS);
    const listen = (report: Report): void => {
      clearTimeout(silence);
      if ('outcome' in report) return resolve(report.outcome);
      seed = report.seed;
      silence = setTimeout(hung, SILENCE_MS);
    };
    child.on('message', listen);
    child.once('exit', hung);
    child.send({ mutation, seeds });
    const outcome = await promise;
    clearTimeout(silence);
    child.off('message', listen);
    child.off('exit', hung);
    return outcome;
  }

  async #open(): Promise<ChildProcess> {
    const child = fork(CHILD, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#child = child;
    this.#tried = 0;
    // its first word says that it is ready
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', () => reject(new Error('a process that tries mutations ended before it began')));
    });
    child.removeAllListeners('exit');
    return child;
  }

  close(): void {
    this.#child?.removeAllListeners();
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }
}

export interface TrialsOptions<M extends Mutation> {
  processes: number;
  /** The seeds that a mutation gets, best first; none when no seed runs the place. */
  seedsOf: (mutation: M) => number[];
  /** Asked before each mutation. */
  goesOn: () => boolean;
  onOutcome: (mutation: M, outcome: Outcome) => void;
}

/** Tries mutations in several processes, each as it becomes free. */
export const tryMutations = async <M extends Mutation>(
  mutations: readonly M[],
  { processes, seedsOf, goesOn, onOutcome }: TrialsOptions<M>,
): Promise<void> => {
  const waiting = [...mutations];
  const work = async (): Promise<void> => {
    const tester = new Tester();
    try {
      for (let mutation = waiting.shift(); mutation && goesOn(); mutation = waiting.shift()) {
        const seeds = seedsOf(mutation);
        onOutcome(mutation, seeds.length === 0 ? { is: 'unreached' } : await tester.attempt(mutation, seeds));
      }
    } finally {
      tester.close();
    }
  };
  await Promise.all(Array.from({ length: processes }, work));
};
