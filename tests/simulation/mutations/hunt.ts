import { simulate } from '../../../scripts/simulation/simulate.ts';
import { openOrg, type Stage } from '../../../scripts/simulation/stage.ts';
import type { MutatedModules } from './mutated-modules.ts';
import { withMutatedProject } from './mutated-project.ts';
import type { Mutation } from './types.ts';

/** How a breakage came to light. */
export interface Caught {
  seed: number;
  /** How many seeds it took. */
  seeds: number;
  violation: string;
}

const firstViolation = async (
  run: typeof simulate,
  stage: Stage,
  first: number,
  most: number,
): Promise<Caught | null> => {
  for (let seed = first; seed < first + most; seed++) {
    const violation = await run(seed, stage).then(
      ({ violations }) => violations[0],
      (error: Error) => `the simulation broke off: ${error.message}`,
    );
    if (violation !== undefined) return { seed, seeds: seed - first + 1, violation };
  }
  return null;
};

/** Runs seeds under a mutation until one fails; null when `most` seeds see nothing of it. */
export const hunt = (
  mutation: Mutation,
  stage: Stage,
  modules: MutatedModules,
  first: number,
  most: number,
): Promise<Caught | null> => {
  if (!mutation.file.endsWith('.cls'))
    return modules.simulation(mutation).then((run) => firstViolation(run, stage, first, most));
  return withMutatedProject(mutation, async (projectDir) => {
    const org = openOrg(projectDir);
    try {
      return await firstViolation(simulate, { ...stage, org }, first, most);
    } finally {
      org.close();
    }
  });
};
