import type { Trail, TrailEntry, TrailLetter } from './types.ts';

const NAMES = { salesforce: 'Salesforce', external: 'the external system' } as const;

const nameOf = (target: keyof typeof NAMES): string => NAMES[target];

/** `2026-11-21 10:50:34 UTC`: people of several zones read it. */
export const moment = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** A code is a name. Whatever else stands in its place is not repeated: it may be a value. */
export const codeName = (code: string | null): string =>
  code !== null && /^[A-Za-z][\w.:-]{0,79}$/.test(code) ? code : 'an unnamed code';

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** Which messages are meant; what is left out may be anything. */
export interface Wanted {
  target: 'salesforce' | 'external';
  kinds: string[];
  version?: number;
  revision?: number;
}

/** What became of the newest message of those wanted. */
export interface Fate {
  /** When it was queued, or first mentioned. Null: the trail does not know it. */
  seen: TrailEntry | null;
  /** Its target has committed it; the outcome is the target's. */
  done: TrailEntry | null;
  /** Attempts that came to nothing, the last of them last. */
  failed: TrailEntry[];
  /** A newer message took its place. */
  superseded: TrailEntry | null;
  letter: TrailLetter | null;
}

const TROUBLE = new Set(['REFUSED', 'DEFERRED', 'UNAVAILABLE']);
/** Told of a message, and not how sending it went. */
const REMARKS = new Set(['QUEUED', 'RETRIED', 'SUPERSEDED', 'DUPLICATE', 'CONFLICT']);

const isWanted = (
  { target, kinds, version, revision }: Wanted,
  message: Pick<TrailEntry, 'target' | 'kind' | 'version' | 'revision'>,
): boolean =>
  message.target === target &&
  kinds.includes(message.kind) &&
  (version === undefined || message.version === version) &&
  (revision === undefined || message.revision === revision);

/** `after`: only what the trail tells after this entry. */
export const fateOf = (trail: Trail, wanted: Wanted, after: TrailEntry | null = null): Fate => {
  const from = after === null ? 0 : trail.entries.indexOf(after) + 1;
  const all = trail.entries.slice(from).filter((entry) => isWanted(wanted, entry));
  const newest = all.slice(Math.max(0, all.map(({ outcome }) => outcome).lastIndexOf('QUEUED')));
  return {
    seen: newest[0] ?? null,
    done: newest.findLast(({ outcome }) => !TROUBLE.has(outcome) && !REMARKS.has(outcome)) ?? null,
    failed: newest.filter(({ outcome }) => TROUBLE.has(outcome)),
    superseded: newest.findLast(({ outcome }) => outcome === 'SUPERSEDED') ?? null,
    letter: trail.letters.findLast((letter) => isWanted(wanted, letter)) ?? null,
  };
};

/** Why a message that the trail knows has not arrived. `subject` begins the sentence: `The request of version 3`. */
export const whyNotDelivered = (subject: string, { seen, failed, superseded, letter }: Fate): string => {
  if (letter) {
    return `${subject} is a dead letter since ${moment(letter.since)}: refused with ${codeName(letter.code)} after ${letter.attempts} attempts.`;
  }
  const last = failed.at(-1);
  if (last === undefined) {
    return superseded
      ? `${subject} was superseded by a newer message at ${moment(superseded.at)}, before it was sent.`
      : `${subject} waits in the queue of the middle layer since ${moment(seen!.at)}.`;
  }
  const [who, when, code] = [nameOf(last.target), moment(last.at), codeName(last.code)];
  switch (last.outcome) {
    case 'UNAVAILABLE':
      return `${subject} waits in the middle layer: ${who} was unavailable at ${when} (${code}).`;
    case 'DEFERRED':
      return `${subject} waits in the middle layer: ${who} put it off at ${when} (${code}).`;
    default:
      return `${subject} was refused by ${who} with ${code} at ${when}, ${times(failed.length)} so far; it is sent again.`;
  }
};
