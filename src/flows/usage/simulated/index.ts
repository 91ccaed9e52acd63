import type { SimulatedFlow } from '../../../simulation/flow.ts';
import { usage } from '../carried/flow.ts';
import { USAGE } from '../carried/name.ts';
import { UsageInWorld } from './flow-in-world.ts';
import { ACTIVATION, CONNECTED_APPS } from './org.ts';
import { SERVICE_DATABASE } from './scene.ts';
import { SMALLER_LIMITS } from './smaller-limits.ts';

export const simulatedUsage: SimulatedFlow<UsageInWorld> = {
  name: USAGE,
  carried: usage,
  databases: [SERVICE_DATABASE],
  activation: ACTIVATION,
  connectedApps: CONNECTED_APPS,
  limits: SMALLER_LIMITS,
  integration: ['Concord_Integration', 'Concord_Usage_Integration'],
  enter: (world, seed) => new UsageInWorld(world, seed),
};
