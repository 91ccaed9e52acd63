/** The flows of Concord. To add one: a folder beside this file, and a line here. */
import { casesFlow } from './cases/index.ts';
import { feedsFlow } from './feeds/index.ts';
import { usageFlow } from './usage/index.ts';
import type { CarriedFlow } from '../middle-layer/flow.ts';
import type { SimulatedFlow } from '../simulation/flow.ts';
import type { CheckedFlow } from '../story/checks.ts';
import type { NamedFlow } from '../story/run.ts';
import type { Flow } from './types.ts';

export const flows: readonly Flow[] = [casesFlow, usageFlow, feedsFlow];

/** What the middle layer carries of them. */
export const carriedFlows: readonly CarriedFlow[] = flows.flatMap(({ carried }) => carried ?? []);

/** The names of the flows that can play in the simulation. */
export const simulatedNames = (): string[] => flows.flatMap(({ name, simulated }) => (simulated ? [name] : []));

/** The flows of these names that play in the simulation; default: all. */
export const simulatedFlows = (names = simulatedNames()): Promise<SimulatedFlow[]> =>
  Promise.all(flows.flatMap(({ name, simulated }) => (simulated && names.includes(name) ? [simulated()] : [])));

/** The flows that the story tells. */
export const toldFlows = (): Promise<NamedFlow[]> =>
  Promise.all(
    flows.flatMap(({ name, told }) => (told ? [told().then((flow): NamedFlow => ({ name, told: flow }))] : [])),
  );

/** The flows that `npm run e2e` checks. */
export const checkedFlows = async (): Promise<{ name: string; checks: CheckedFlow }[]> => {
  const told = await toldFlows();
  return Promise.all(
    told.flatMap(({ name, told: { checked } }) => (checked ? [checked().then((checks) => ({ name, checks }))] : [])),
  );
};
