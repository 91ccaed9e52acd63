/**
 * The words of the middle layer. A *message* is one thing to say to one *target* about one *key*; the
 * *queue* keeps messages until the target has them; a *flow* decides which messages there are.
 */
import type { Clock } from 'kernel/clock.ts';
import type { Random } from 'kernel/random.ts';
import type { Database } from '../shared/sql/types.ts';
import type { Settings } from './settings.ts';

export type Target = 'salesforce' | 'external';

/**
 * - `queued`: waits for its turn or its next attempt
 * - `sending`: leased by a worker; after the lease has run out it counts as queued again
 * - `done`: the target has committed it
 * - `dead`: refused as often as allowed; a dead letter keeps history and cause
 * - `superseded`: a newer message of the same target, kind and key says all that this one said
 */
export type MessageState = 'queued' | 'sending' | 'done' | 'dead' | 'superseded';

/** A message about to be queued. */
export interface Draft {
  /** The wire id: unique for each sending of content, repeated by a redelivery. */
  id: string;
  target: Target;
  kind: string;
  key: string;
  version: number | null;
  attempt: number | null;
  revision: number | null;
  /** Orders messages of one target, kind and key: a higher or equal one supersedes. Null: never superseded. */
  ordinal: number | null;
  /** True when it begins an exchange. Those that go on with one have their turn first: what was begun is finished before more is begun. */
  begins: boolean;
  payload: object;
}

/** A message that this worker has leased. */
export interface ClaimedMessage extends Omit<Draft, 'ordinal' | 'begins'> {
  seq: number;
  /** Refusals so far: bounded. */
  attempts: number;
  /** Times put off without an attempt being consumed: outage, row lock. */
  deferrals: number;
  /** For the order within a batch: locks on parent accounts collide least when taken in order. */
  accountId: string | null;
  caseId: string | null;
}

/** What a delivery taught about a key. */
export interface Learned {
  key: string;
  caseId?: string | null;
  externalId?: string | null;
  /** The version whose write-back the target asked for. */
  writeBackVersion?: number;
  /** The request that follows, as if a sweep had found it. */
  request?: { version: number; attempt: number; requestedAt: string | null };
}

/** How sending one message went. `code` is for the audit: never a field value. */
export type Result =
  | {
      is: 'done';
      outcome: string;
      code?: string | null;
      follow?: Draft[];
      /** Follows unless a write-back of `learned.writeBackVersion` was queued before: a repeat does not write back twice. */
      followOnce?: Draft[];
      learned?: Learned;
    }
  /** The target refused this message. Consumes an attempt; `follow` is sent at once, `onDeath` when it was the last attempt. */
  | { is: 'refused'; code: string; cause: string; follow?: Draft[]; onDeath?: Draft[] }
  /** Not now, for this message only. Consumes no attempt. */
  | { is: 'deferred'; code: string }
  /** The target as a whole: outage, limit, pause. Consumes no attempt; whether the target acted is unknown. */
  | { is: 'unavailable'; code: string; retryAfterMs?: number };

export type Timed = Result & { durationMs: number };

/** Sends claimed messages to their target: one result a message, in order. Never rejects for what the target did. */
export type Deliver = (messages: ClaimedMessage[]) => Promise<Timed[]>;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
/** A structured log line. `detail` names keys, ids, counts and codes: never secrets or field values. */
export type Log = (level: LogLevel, event: string, detail?: Record<string, unknown>) => void;

/** What every operation of the middle layer works with. */
export interface Context {
  db: Database;
  clock: Clock;
  random: Random;
  settings: Settings;
  log: Log;
  /** Name of this worker, the same after a restart: what it had leased is free at once when it comes back. */
  worker: string;
}
