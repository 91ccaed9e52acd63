/**
 * The words of the middle layer. A *message* is one thing to say to one *target* about one *key*; the
 * *queue* keeps messages until the target has them; a *flow* decides which messages there are.
 */
import type { Clock } from 'kernel/clock.ts';
import type { Random } from 'kernel/random.ts';
import type { Database, Queryable } from '../shared/sql/types.ts';
import type { Notices } from './notices.ts';
import type { Settings } from './settings.ts';

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
  /** Where it goes: one of the flow's targets. */
  target: string;
  kind: string;
  key: string;
  version: number | null;
  attempt: number | null;
  revision: number | null;
  /** Orders messages of one target, kind and key: a higher or equal one supersedes. Null: never superseded. */
  ordinal: number | null;
  /** True when it begins an exchange. Those that go on with one have their turn first: what was begun is finished before more is begun. */
  begins: boolean;
  /** What only one batch at a time may be under way about, whoever sends it, where the target is sent to so (`Sending.alone`); absent: nothing. */
  alone?: string;
  payload: object;
}

/** A message that this worker has leased. */
export interface ClaimedMessage extends Omit<Draft, 'ordinal' | 'begins' | 'alone'> {
  seq: number;
  /** Refusals so far: bounded. */
  attempts: number;
  /** Times put off without an attempt being consumed: outage, row lock. */
  deferrals: number;
}

/**
 * How sending one message went. `code` is for the audit: never a field value. `news` is what the target said beyond
 * that: the queue hands it to the flow's `settled`.
 */
export type Result =
  | { is: 'done'; outcome: string; code?: string | null; news?: unknown }
  /** The target refused this message. Consumes an attempt. */
  | { is: 'refused'; code: string; cause: string; news?: unknown }
  /** Not now, for this message only. Consumes no attempt. */
  | { is: 'deferred'; code: string }
  /** The target as a whole: outage, limit, pause. Consumes no attempt; whether the target acted is unknown. */
  | { is: 'unavailable'; code: string; retryAfterMs?: number };

export type Timed = Result & { durationMs: number };

/** A message that was settled: how sending it went, and what it became. */
export interface Outcome {
  message: ClaimedMessage;
  result: Timed;
  state: MessageState;
}

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

export interface BudgetState {
  /** Salesforce API calls that the flow may make in a day (UTC). */
  perDay: number;
  /** Those it has made today. */
  used: number;
  isSpent: boolean;
  /** When the day turns. */
  turnsAt: Date;
}

/** The Salesforce API calls of a flow. */
export interface Budget {
  /** Adds calls that were made. */
  count(tx: Queryable, calls: number): Promise<void>;
  /** Null: the flow has no budget. */
  read(): Promise<BudgetState | null>;
}

/** The same for what works for one flow. */
export interface FlowContext extends Context {
  flow: string;
  /** Counts its Salesforce API calls, and says when those of the day are used up. */
  budget: Budget;
  /** What people should hear of. */
  notices: Notices;
}
