import { FORBIDDEN } from './forbidden.ts';
import { retryDeadLetters } from './operator.ts';
import { SALES } from './sales.ts';
import { SERVICE_TEAM } from './service-team.ts';
import type { Action, Weighted } from './types.ts';

const ALL: readonly Weighted[] = [...SERVICE_TEAM, ...SALES, ...FORBIDDEN, [0.5, retryDeadLetters]];
const TOTAL = ALL.reduce((sum, [weight]) => sum + weight, 0);

/** One thing that somebody does on either side, drawn by weight. */
export const act: Action = async (scene, serial) => {
  let at = scene.random.next() * TOTAL;
  for (const [weight, action] of ALL) {
    at -= weight;
    if (at < 0) return action(scene, serial);
  }
};
