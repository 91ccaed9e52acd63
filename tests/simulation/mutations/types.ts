import { CASES } from '../../../src/flows/cases/carried/name.ts';
import type { SimulationResult } from '../../../src/simulation/simulate.ts';
import type { Stage } from '../../../src/simulation/stage.ts';

/** Runs one seed. */
export type Run = (seed: number, stage: Stage) => Promise<SimulationResult>;

/** A deliberate breakage of the protocol: `find` must be in `file` exactly once, or the mutation is stale. */
export interface Mutation {
  name: string;
  /** What it takes away. */
  breaks: string;
  /** From the root of the repository: TypeScript of a part, or Apex. */
  file: string;
  /** The flow whose seeds notice it, alone in their world; absent: Cases. */
  flow?: string;
  find: string;
  replace: string;
  /** Why the simulation does not notice it, where it does not: told, so that nobody takes it for proven. */
  unnoticed?: string;
}

/** The flow that plays while a mutation is looked for. */
export const flowOf = ({ flow = CASES }: Mutation): string => flow;
