import { fileURLToPath } from 'node:url';
import type { SimulatedFlow } from '../../../simulation/flow.ts';
import { FEEDS } from '../name.ts';
import { FeedsInWorld } from './flow-in-world.ts';
import { ACTIVATION, FEEDS_APP } from './org.ts';

/** What the companies have in Salesforce: what feeds write to. */
const CUSTOMER = fileURLToPath(new URL('../../../../samples/companies/main', import.meta.url));

export const simulatedFeeds: SimulatedFlow<FeedsInWorld> = {
  name: FEEDS,
  databases: [{ part: 'feeds', migrations: fileURLToPath(new URL('../../../feeds/db/migrations', import.meta.url)) }],
  customer: CUSTOMER,
  activation: ACTIVATION,
  connectedApps: [FEEDS_APP],
  enter: (world, seed) => new FeedsInWorld(world, seed),
};
