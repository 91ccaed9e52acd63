import { retryDeadLettersOf } from '../../../../simulation/operator.ts';
import { drawn, type Weighted } from '../../../../simulation/weighted.ts';
import { USAGE } from '../../carried/name.ts';
import { FORBIDDEN } from './forbidden.ts';
import { fulfilLargest, SALES } from './sales.ts';
import { SERVICE_TEAM } from './service-team.ts';
import { SUPERVISORS } from './supervisors.ts';
import type { Action } from './types.ts';

const retryDeadLetters: Action = ({ world }) => retryDeadLettersOf(world, USAGE);
const ALL: readonly Weighted<Action>[] = [
  ...SERVICE_TEAM,
  ...SALES,
  ...SUPERVISORS,
  ...FORBIDDEN,
  [0.5, retryDeadLetters],
];

/** Where seals take steps, in so many turns a contract is fulfilled whose seal takes many. */
const LARGE_SHARE = 0.05;

/** One thing that somebody does on either side, drawn by weight. */
export const act: Action = async (scene, serial) => {
  if (scene.world.isSmall && scene.chance(LARGE_SHARE)) return fulfilLargest(scene, serial);
  return drawn(scene.random, ALL)?.(scene, serial);
};
