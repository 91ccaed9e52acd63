/** What parent and child of `npm run mutate` say to each other. */
import type { Mutation } from '../types.ts';

/** What became of one mutation. */
export type Outcome =
  /** A seed saw it. */
  | { is: 'noticed'; seed: number; violation: string }
  /** A seed did not end: nobody would take that for work done. */
  | { is: 'hung'; seed: number }
  | { is: 'unnoticed'; brokeOff: number; error: string | null }
  /** The mutated Apex does not compile: it breaks nothing. */
  | { is: 'void'; why: string };

export interface Assignment {
  mutation: Mutation;
  seeds: number;
}

export type Report = { seed: number } | { outcome: Outcome };
