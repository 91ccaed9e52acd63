/** The flows of Concord. To add one: a folder beside this file, and a line here. */
import { casesFlow } from './cases/index.ts';
import type { SimulatedFlow } from '../simulation/flow.ts';
import type { NamedFlow } from '../story/run.ts';
import type { Flow } from './types.ts';

export const flows: readonly Flow[] = [casesFlow];

/** The flows that play in the simulation. */
export const simulatedFlows = (): Promise<SimulatedFlow[]> =>
  Promise.all(flows.flatMap(({ simulated }) => (simulated ? [simulated()] : [])));

/** The flows that the story tells. */
export const toldFlows = (): Promise<NamedFlow[]> =>
  Promise.all(
    flows.flatMap(({ name, told }) => (told ? [told().then((flow): NamedFlow => ({ name, told: flow }))] : [])),
  );
