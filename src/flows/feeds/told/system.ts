import type { Application, FlowInSystem, FlowStanding, PermissionSets } from '../../../story/parts.ts';
import { secret } from '../../../story/ports.ts';
import { FEEDS } from '../name.ts';
import { SAMPLE_COMPANIES } from './companies/sql.ts';

export const PERMISSION_SETS: PermissionSets = { admin: ['Concord_Feeds_Operator'], integration: [], operator: [] };

/** What whoever reads and edits the sample's records needs, besides. */
export const SAMPLE_PERMISSION_SET = 'Companies_Feeds';

/** Nothing of feeds moves by itself: their program runs when somebody starts it, and ends. */
const STILL: FlowStanding = { pending: 0, underWay: 0, queuedOutside: 0, unsettledOutside: 0, nextDue: Infinity };

/** Feeds of the sample's companies, in a system on this machine. */
export class FeedsInSystem implements FlowInSystem {
  readonly name = FEEDS;
  readonly permissionSets = PERMISSION_SETS;
  readonly parts = [];
  readonly packages = [`${SAMPLE_COMPANIES}main`];
  readonly login: Application = {
    username: 'feeds@concord.example',
    clientId: 'concord-feeds',
    clientSecret: secret(),
    permissionSets: ['Concord_Feeds_Integration', SAMPLE_PERMISSION_SET],
  };
  readonly applications: readonly Application[] = [this.login];

  standing(): Promise<FlowStanding> {
    return Promise.resolve(STILL);
  }
}
