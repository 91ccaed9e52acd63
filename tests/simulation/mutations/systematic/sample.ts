import { seededRandom } from 'kernel/random.ts';
import type { GeneratedMutation } from './index.ts';

/**
 * Draws mutations, `count` of them at most, in proportion to how many each file has: the files take turns, as often as
 * they have mutations left. The same draw draws the same ones, as long as the protocol stays as it is.
 */
export const drawn = (all: readonly GeneratedMutation[], count: number, draw: number): GeneratedMutation[] => {
  const random = seededRandom(draw);
  const shuffled = all
    .map((mutation) => ({ mutation, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ mutation }) => mutation);
  const sizes = Map.groupBy(shuffled, ({ file }) => file);
  const turn = new Map<string, number>();
  // the n-th of a file with m comes at (n + a random half) / m of the way: so any first part is a fair one
  return shuffled
    .map((mutation) => {
      const n = turn.get(mutation.file) ?? 0;
      turn.set(mutation.file, n + 1);
      return { mutation, at: (n + random.next()) / sizes.get(mutation.file)!.length };
    })
    .toSorted((a, b) => a.at - b.at)
    .slice(0, count)
    .map(({ mutation }) => mutation);
};
