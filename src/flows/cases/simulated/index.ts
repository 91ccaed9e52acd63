import type { SimulatedFlow } from '../../../simulation/flow.ts';
import { cases } from '../carried/flow.ts';
import { CasesInWorld } from './flow-in-world.ts';
import { REGISTRY_DATABASE } from './scene.ts';

export const simulatedCases: SimulatedFlow<CasesInWorld> = {
  carried: cases,
  databases: [REGISTRY_DATABASE],
  activation: 'ConcordSetup.activateSync(); ConcordSchedule.install();',
  enter: (world, seed) => new CasesInWorld(world, seed),
};
