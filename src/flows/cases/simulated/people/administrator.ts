import type { Action } from './types.ts';

/** After a change of synced fields or of the scope an administrator renews what was synced; here, only to be sure: nothing differs. */
export const renew: Action = async ({ world }) => {
  world.network.count('renewal');
  world.apex('CaseRenewal.run();');
};
