import { renew } from './administrator.ts';
import { INSIDE } from './inside.ts';
import { takeIn } from './intake.ts';
import { retryDeadLetters } from './operator.ts';
import { OUTSIDE } from './outside.ts';
import { retrySome } from './retry.ts';
import type { Action } from './types.ts';

const ALL: [weight: number, Action][] = [
  ...INSIDE,
  ...OUTSIDE,
  [1.5, takeIn],
  [0.6, retryDeadLetters],
  [0.8, retrySome],
  [0.5, renew],
];
const TOTAL = ALL.reduce((sum, [weight]) => sum + weight, 0);

/** One thing that somebody does on either side, drawn by weight. */
export const act: Action = async (scene, ledger, serial) => {
  let at = scene.random.next() * TOTAL;
  for (const [weight, action] of ALL) {
    at -= weight;
    if (at < 0) return action(scene, ledger, serial);
  }
};
