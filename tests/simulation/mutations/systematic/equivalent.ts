import type { Mutation } from '../types.ts';

/** Mutations that change nothing that any side could see, and the reason why. */
interface Equivalent {
  why: string;
  fits: (mutation: Mutation) => boolean;
}

const inService = ({ file, find }: Mutation, what: RegExp): boolean =>
  file === 'src/middle-layer/service.ts' && what.test(find);

const ASKS_ALWAYS = ['condition never true', 'right of || only'];

export const EQUIVALENT: readonly Equivalent[] = [
  {
    why: 'giving back the room on disk of what was deleted changes no row',
    // a database without this is a different matter: asking it for room fails
    fits: (mutation) => inService(mutation, /vacuum/i) && !ASKS_ALWAYS.includes(mutation.breaks),
  },
  {
    why: 'it decides only over a line in the log: what retention deleted, what a worker found leased',
    fits: (mutation) => inService(mutation, /count > 0|freed\)/),
  },
  {
    why: 'it decides only over the level of a line in the log',
    fits: (mutation) => inService(mutation, /isDatabaseUnavailable/),
  },
  {
    why: 'the record is found by its key when it is made a second time, and nothing else is in it',
    fits: ({ file, find, breaks }) =>
      file.endsWith('/SyncControls.cls') &&
      breaks === 'condition always true' &&
      /lockOfFlow\(flow\) == null/.test(find),
  },
  {
    why: 'no request has a version that is null: none is found',
    fits: ({ file, find, breaks }) =>
      file.endsWith('/carried/receive.ts') && breaks === 'left of && only' && find.includes('requestVersion !== null'),
  },
];

/** Why a mutation cannot be noticed, or undefined. */
export const whyEquivalent = (mutation: Mutation): string | undefined =>
  EQUIVALENT.find(({ fits }) => fits(mutation))?.why;
