import type { SimulatedFlow } from '../../../simulation/flow.ts';
import { cases } from '../carried/flow.ts';
import { HOST } from './host.ts';
import { CasesInWorld } from './flow-in-world.ts';
import { REGISTRY_DATABASE } from './scene.ts';

export const simulatedCases: SimulatedFlow<CasesInWorld> = {
  carried: cases,
  databases: [REGISTRY_DATABASE],
  host: HOST.packageDirectory,
  activation: 'ConcordSetup.activateSync(); ConcordSchedule.install();',
  enter: (world, seed) => new CasesInWorld(world, seed),
};
