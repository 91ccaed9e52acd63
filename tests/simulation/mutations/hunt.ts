import { simulatedFlows } from '../../../src/flows/index.ts';
import { simulate } from '../../../src/simulation/simulate.ts';
import { DoesNotCompile, StagedOrgs, type Stage } from '../../../src/simulation/stage.ts';
import type { MutatedModules } from './mutated-modules.ts';
import { withMutatedProject } from './mutated-project.ts';
import { flowOf, type Mutation, type Run } from './types.ts';

/** How a breakage came to light. */
export interface Caught {
  seed: number;
  violation: string;
}

/** What seeds saw of a breakage. */
export interface Hunted {
  caught: Caught | null;
  /** Of the seeds before, those in which the simulation itself failed: they prove nothing. The first error is told. */
  brokeOff: number;
  error: string | null;
}

const firstViolation = async (
  run: Run,
  stage: Stage,
  seeds: readonly number[],
  onSeed: (seed: number) => void,
): Promise<Hunted> => {
  const hunted: Hunted = { caught: null, brokeOff: 0, error: null };
  for (const seed of seeds) {
    onSeed(seed);
    const violation = await run(seed, stage).then(
      ({ violations }) => violations[0],
      (error: Error) => {
        if (error instanceof DoesNotCompile) throw error;
        hunted.brokeOff += 1;
        hunted.error ??= error.stack ?? error.message;
        return undefined;
      },
    );
    if (violation !== undefined) return { ...hunted, caught: { seed, violation } };
  }
  return hunted;
};

/**
 * Runs seeds under a mutation until one sees something of it. `onSeed` is told of each seed before it runs. Rejects when
 * the mutated code does not compile: an org without one of its classes would show that in every seed, and prove nothing.
 */
export const hunt = (
  mutation: Mutation,
  stage: Stage,
  modules: MutatedModules,
  seeds: readonly number[],
  onSeed: (seed: number) => void = () => {},
): Promise<Hunted> => {
  if (mutation.file.endsWith('.ts'))
    return modules.simulation(mutation).then((run) => firstViolation(run, stage, seeds, onSeed));
  return withMutatedProject(mutation, async (projectDir) => {
    const flows = await simulatedFlows([flowOf(mutation)]);
    const orgs = new StagedOrgs(flows, { projectDir });
    try {
      return await firstViolation((seed, at) => simulate(seed, at, flows), { ...stage, orgs }, seeds, onSeed);
    } finally {
      orgs.close();
    }
  });
};
