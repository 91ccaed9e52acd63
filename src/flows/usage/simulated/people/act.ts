import { retryDeadLettersOf } from '../../../../simulation/operator.ts';
import { drawn, type Weighted } from '../../../../simulation/weighted.ts';
import { USAGE } from '../../carried/name.ts';
import { FORBIDDEN } from './forbidden.ts';
import { SALES } from './sales.ts';
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

/** One thing that somebody does on either side, drawn by weight. */
export const act: Action = async (scene, serial) => drawn(scene.random, ALL)?.(scene, serial);
