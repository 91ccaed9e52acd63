import { simulatedFlows } from '../../../src/flows/index.ts';
import { simulate } from '../../../src/simulation/simulate.ts';
import { openOrg, type Stage } from '../../../src/simulation/stage.ts';
import type { MutatedModules } from './mutated-modules.ts';
import { withMutatedProject } from './mutated-project.ts';
import type { Mutation, Run } from './types.ts';

/** How a breakage came to light. */
export interface Caught {
  seed: number;
  violation: string;
}

const firstViolation = async (run: Run, stage: Stage, seeds: readonly number[]): Promise<Caught | null> => {
  for (const seed of seeds) {
    const violation = await run(seed, stage).then(
      ({ violations }) => violations[0],
      (error: Error) => `the simulation broke off: ${error.message}`,
    );
    if (violation !== undefined) return { seed, violation };
  }
  return null;
};

/** Runs seeds under a mutation until one fails; null when none of them sees anything of it. */
export const hunt = (
  mutation: Mutation,
  stage: Stage,
  modules: MutatedModules,
  seeds: readonly number[],
): Promise<Caught | null> => {
  if (!mutation.file.endsWith('.cls'))
    return modules.simulation(mutation).then((run) => firstViolation(run, stage, seeds));
  return withMutatedProject(mutation, async (projectDir) => {
    const flows = await simulatedFlows();
    const org = openOrg(flows, projectDir);
    try {
      return await firstViolation((seed, at) => simulate(seed, at, flows), { ...stage, org }, seeds);
    } finally {
      org.close();
    }
  });
};
