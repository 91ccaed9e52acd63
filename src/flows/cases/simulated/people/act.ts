import type { Random } from 'kernel/random.ts';
import { retryDeadLettersOf } from '../../../../simulation/operator.ts';
import { streamOf } from '../../../../simulation/streams.ts';
import { drawn, type Weighted } from '../../../../simulation/weighted.ts';
import { CASES } from '../../carried/name.ts';
import { CAREFUL_ADMINISTRATORS, renew } from './administrator.ts';
import { ANOTHER_TOOL } from './another-tool.ts';
import { CLOSERS } from './closers.ts';
import { IMPORTERS } from './importers.ts';
import { INSIDE } from './inside.ts';
import { takeIn } from './intake.ts';
import { OUTSIDE } from './outside.ts';
import { REPORTERS } from './reporters.ts';
import { retrySome } from './retry.ts';
import { SORTERS } from './sorters.ts';
import { SUPERVISORS } from './supervisors.ts';
import { TYPED } from './typed.ts';
import type { Action } from './types.ts';

/** One of these things, drawn by weight. */
const oneOf =
  (actions: readonly Weighted<Action>[]): Action =>
  async (scene, ledger, serial) =>
    drawn(scene.random, actions)?.(scene, ledger, serial);

const retryDeadLetters: Action = ({ world }) => retryDeadLettersOf(world, CASES);

/** One thing that somebody does on either side. */
const main = oneOf([...INSIDE, ...OUTSIDE, [1.5, takeIn], [0.6, retryDeadLetters], [0.8, retrySome], [0.5, renew]]);

/** People beside them. They draw from streams of their own: who is added changes nothing of what the others choose. */
interface Cast {
  name: string;
  /** How often one of them does something, when somebody of the others has. */
  share: number;
  /** In so many of the seeds they are there at all; absent: in each. */
  seeds?: number;
  /** Only in the org that has automation of its own. */
  hosted?: true;
  act: Action;
}

const CASTS: readonly Cast[] = [
  { name: 'people who fill in forms', share: 0.6, act: oneOf(TYPED) },
  { name: 'people who report', share: 0.3, act: oneOf(REPORTERS) },
  { name: 'supervisors', share: 0.25, act: oneOf(SUPERVISORS) },
  { name: 'people who close', share: 0.35, seeds: 0.5, hosted: true, act: oneOf(CLOSERS) },
  { name: 'people who sort', share: 0.3, seeds: 0.5, hosted: true, act: oneOf(SORTERS) },
  { name: 'another tool', share: 0.3, seeds: 0.2, act: oneOf(ANOTHER_TOOL) },
  { name: 'people who import', share: 0.08, seeds: 0.05, act: oneOf(IMPORTERS) },
  { name: 'careful administrators', share: 0.3, seeds: 0.1, act: oneOf(CAREFUL_ADMINISTRATORS) },
];

/** All people of a seed. Who acts writes values that nobody has written: `serial` makes them. */
export const peopleOf = (seed: number): Action => {
  const casts = CASTS.map((cast): { cast: Cast; random: Random } => ({
    cast,
    random: streamOf(seed, cast.name),
  })).filter(({ cast: { seeds }, random }) => seeds === undefined || random.next() < seeds);
  return async (scene, ledger, serial) => {
    await main(scene, ledger, serial);
    for (const { cast, random } of casts)
      if (random.next() < cast.share && (!cast.hosted || scene.world.hosted))
        await scene.drawingFrom(random, () => cast.act(scene, ledger, serial));
  };
};
