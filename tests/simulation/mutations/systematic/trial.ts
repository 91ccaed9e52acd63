/** What parent and child of `npm run mutate` say to each other. */
import type { Mutation } from '../types.ts';

/** What became of one mutation. */
export type Outcome =
  /** A seed saw it. */
  | { is: 'noticed'; seed: number; violation: string }
  /** A seed did not end: nobody would take that for work done. */
  | { is: 'hung'; seed: number }
  /** None of so many seeds saw it. */
  | { is: 'unnoticed'; seeds: number; brokeOff: number; error: string | null }
  /** No seed of those whose course is known runs the place. */
  | { is: 'unreached' }
  /** The mutated Apex does not compile: it breaks nothing. */
  | { is: 'void'; why: string };

export interface Assignment {
  mutation: Mutation;
  /** In the order in which they are tried. */
  seeds: number[];
}

export type Report = { seed: number } | { outcome: Outcome };
