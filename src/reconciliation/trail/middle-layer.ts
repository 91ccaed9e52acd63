import { isArrayOf, isPlain, isText } from '../../shared/shapes.ts';
import { expected } from '../../shared/expected.ts';
import type { AuditTrail, Trail, TrailEntry, TrailLetter } from './types.ts';

/** Posts JSON to the middle layer as an operator and returns its parsed answer. */
export type MiddleLayerPost = <T>(path: string, body: unknown) => Promise<T>;

/** What `POST /v1/audit` takes in one call. */
const KEYS_A_CALL = 200;
/** Of each key: enough for a version, its answer and some twenty attempts. */
const ENTRIES = 50;

type OverTheWire<T, Time extends keyof T> = Omit<T, Time>;

interface Answer {
  trails: {
    key: string;
    entries: (OverTheWire<TrailEntry, 'at'> & { at: string })[];
    more: boolean;
    deadLetters: (OverTheWire<TrailLetter, 'since'> & { diedAt: string })[];
  }[];
}

type WireTrail = Answer['trails'][number];

const isTrail = (value: unknown): value is WireTrail =>
  isPlain(value) && isText(value.key) && isArrayOf(value.entries, isPlain) && isArrayOf(value.deadLetters, isPlain);

const isTrails = (value: unknown): value is WireTrail[] => isArrayOf(value, isTrail);

const trailOf = ({ entries, more, deadLetters }: Answer['trails'][number]): Trail => ({
  entries: entries.map(({ at, target, kind, version, revision, outcome, code }) => ({
    at: Date.parse(at),
    ...{ target, kind, version, revision, outcome, code },
  })),
  more,
  letters: deadLetters.map(({ diedAt, target, kind, version, revision, code, attempts }) => ({
    since: Date.parse(diedAt),
    ...{ target, kind, version, revision, code, attempts },
  })),
});

/** The audit trail of the middle layer, 200 records a call. */
export const middleLayerTrail = (post: MiddleLayerPost): AuditTrail => ({
  async read(keys) {
    const trails = new Map<string, Trail>();
    for (let start = 0; start < keys.length; start += KEYS_A_CALL) {
      const part = keys.slice(start, start + KEYS_A_CALL);
      const answer = await post<unknown>('/v1/audit', { keys: part, last: ENTRIES });
      const found = expected(isPlain(answer) ? answer.trails : null, isTrails, 'the middle layer', 'audit trails');
      for (const trail of found) trails.set(trail.key, trailOf(trail));
    }
    return trails;
  },
});
