/** As whom the middle layer works in a simulated org. */
import { API_ONLY, assignPermissionSets, idOf, userOf } from './org-users.ts';

const USERNAME = 'middle-layer@simulation.example';

/** By it the middle layer's user logs in. */
export const INTEGRATION_APP = {
  consumerKey: 'middle-layer',
  consumerSecret: 'only for the simulation',
  runAs: USERNAME,
};

/** Anonymous Apex that makes the user with those of these permission sets that the org has: what it may do, they alone say. */
export const makeIntegrationUser = (permissionSets: readonly string[]): string[] => [
  userOf({ username: USERNAME, alias: 'middle layer', profile: API_ONLY }),
  assignPermissionSets(idOf(USERNAME), permissionSets),
];
