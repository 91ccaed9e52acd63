import type { Mutation } from '../types.ts';

/** Mutations that change nothing that any side could see, and the reason why. */
interface Equivalent {
  why: string;
  fits: (mutation: Mutation) => boolean;
}

const inService = ({ file, find }: Mutation, what: RegExp): boolean =>
  file === 'src/middle-layer/service.ts' && what.test(find);

/** A mutation of that file with what its name says, around that text. */
const is = ({ file, find, name }: Mutation, of: string, says: RegExp, around = /(?:)/): boolean =>
  file === `src/middle-layer/${of}` && says.test(name) && around.test(find);

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
    why: 'a set of ids with an empty one in it finds the same records',
    fits: ({ file, find, breaks }) =>
      file.endsWith('/CaseTombstones.cls') &&
      breaks === 'condition always true' &&
      find.includes('(record.MasterRecordId != null)'),
  },
  {
    why: 'no request has a version that is null: none is found',
    fits: ({ file, find, breaks }) =>
      file.endsWith('/carried/receive.ts') && breaks === 'left of && only' && find.includes('requestVersion !== null'),
  },
  {
    why: 'of an empty list nothing is written, within a transaction that is open anyway',
    fits: (mutation) =>
      is(mutation, 'queue/enqueue.ts', /condition always true: seqs\.length/) ||
      is(mutation, 'queue/enqueue.ts', /condition never true: drafts\.length === 0/) ||
      is(mutation, 'queue/settle.ts', /condition never true: dead\.length === 0/),
  },
  {
    why: 'only a refusal makes a message dead',
    fits: (mutation) => is(mutation, 'queue/settle.ts', /right of && only: result\.is === 'refused' &&/),
  },
  {
    why: 'the table itself says that a message has a lease while it is being sent, and at no other time',
    fits: (mutation) =>
      is(mutation, 'db/messages.ts', /left out: AND (?:m\.)?state = 'sending'/, /'sending' AND (?:m\.)?lea/) ||
      is(mutation, 'db/depths.ts', /left out: AND (?:m\.)?state = 'sending'/, /'sending'\)\) AS/),
  },
  {
    why: 'what is being sent is the first open message of its line: whatever waits there came after it',
    fits: (mutation) =>
      is(mutation, 'db/messages.ts', /left out: AND newer\.seq > m\.seq/) ||
      is(mutation, 'db/messages.ts', /comparison changed: >/, /newer\.seq > m/),
  },
  {
    why: 'a head becomes a head once more',
    fits: (mutation) => is(mutation, 'db/messages.ts', /left out: AND NOT first\.head/),
  },
  {
    why: 'whoever supersedes messages has just read under their lock that they wait or are dead; a dead one has one dead letter, and it is open',
    fits: (mutation) =>
      is(mutation, 'db/messages.ts', /left out: AND state IN \('queued', 'dead'\)$/) ||
      is(mutation, 'db/dead-letters.ts', /left out: AND resolved_at IS NULL/),
  },
  {
    why: 'how many there are does not depend on the order in which they are counted',
    fits: (mutation) => is(mutation, 'db/dead-letters.ts', /order left out/, /LIMIT \$3/),
  },
  {
    why: 'whoever waits for a row that another worker takes finds it taken, and takes the others: only the wait differs',
    fits: (mutation) => is(mutation, 'db/messages.ts', /locked rows not skipped/),
  },
  {
    why: 'a loop that is woken while nothing is due looks once and rests again',
    fits: (mutation) =>
      is(mutation, 'service.ts', /left of && only: && !sender\.circuit\.state\.open/) ||
      is(mutation, 'service.ts', /condition always true: isBack/) ||
      is(mutation, 'service.ts', /condition always true: did/, /this\.w/),
  },
];

/** Why a mutation cannot be noticed, or undefined. */
export const whyEquivalent = (mutation: Mutation): string | undefined =>
  EQUIVALENT.find(({ fits }) => fits(mutation))?.why;
