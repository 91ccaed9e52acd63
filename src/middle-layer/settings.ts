import { SCHEMA_CHECK_MS } from '../shared/sql/schema-guard.ts';
import type { Backoff } from '../shared/backoff.ts';

/** As whom somebody calls. */
export type Role = 'external' | 'intake' | 'operator';

/** Who may call: a bearer token for each role, or null for a role that needs none (tests, or a proxy that authenticates). */
export interface Callers {
  /** The external systems, by the name of their flow: each is known by a token of its own, and one without is let in nowhere. */
  external: Readonly<Record<string, string>> | null;
  /** Salesforce, through its Named Credential. */
  intake: string | null;
  /** Dead letters, audit, status: people and scripts. */
  operator: string | null;
}

/** What an operator sets. All times are milliseconds of the injected clock. */
export interface Settings {
  /** A sweep at least this often; a pause in Salesforce is noticed within one. */
  pollIntervalMs: number;
  /** The same while the external system cannot be reached: nothing could leave, and API calls are the org's. */
  outagePollIntervalMs: number;
  /** Salesforce API calls that a flow may make in a day (UTC), or null: as many as it needs. Set it by flow: an org's calls belong to all who use it. */
  dailyApiCalls: number | null;
  /** While these are used up, a sweep reads the settings alone, so that a pause is noticed, this often: such calls come on top. */
  spentPollIntervalMs: number;
  /** How many messages may be open before sweeps take in no more: the rest waits in Salesforce, where it is safe. */
  sweepRoom: number;
  /** How often the org is told that sweeps happen, within a call that is made anyway. */
  heartbeatIntervalMs: number;
  /** Sweeps that events ask for are this far apart while many Cases are saved: many events, one call. */
  wakeGapMs: number;
  /** Sweeps that come by themselves while Cases are saved all the time are at most this far apart, and the org publishes no events. */
  awakeGapMs: number;
  /** How many of them in a day may come sooner than that, so that no Case waits while a few come: each is an API call. */
  eagerLooksADay: number;
  /** How often a sender looks for messages that another worker queued. */
  queuePollMs: number;
  /** A claimed message that was not settled after this long may be sent again by any worker. */
  leaseMs: number;
  /** Refusals of one message before it becomes a dead letter. */
  maxAttempts: number;
  /** Pause after a refusal of one message. */
  retry: Backoff;
  /** Pause after a row lock or a retryable answer about one message. */
  deferral: Backoff;
  /** Pause of a whole target: outage, limit, pause. */
  outage: Backoff;
  /** How long a message for Salesforce may wait for company while many come: fewer API calls, later delivery. */
  salesforceLingerMs: number;
  /** How many batches may be under way to the external system at once, of different keys. */
  externalLanes: number;
  /** Bytes of JSON in one call to Salesforce: an Apex request has 6 MB of heap for the text and what is parsed from it. */
  salesforceBatchBytes: number;
  /** How long a delivered intake or deletion may stay without an answer before it is sent again; doubles with each time. */
  answerGraceMs: number;
  /** The longest such pause: asked for at least this often, for ever, for no outage is so long that it is forgotten. */
  answerMaxMs: number;
  /** How often a worker looks whether a newer program has migrated the database. */
  schemaCheckMs: number;
  /** How often retention is enforced. */
  maintenanceIntervalMs: number;
  retention: {
    /** What was settled, with its closed dead letter. An open dead letter stays until somebody closes it. */
    doneMs: number;
    /** The values that lost a conflict. */
    conflictMs: number;
    /** How long a redelivery of a received message is recognised. */
    inboxMs: number;
    /** What happened to each message: long enough for a person who asks about the last year. It holds no values. */
    auditMs: number;
  };
  /** `/ready` fails when the last complete sweep is older. */
  readySweepAgeMs: number;
  callers: Callers;
  /** What is different for a flow: its poll interval, its room, its patience. */
  flows: Readonly<Record<string, Partial<Omit<Settings, 'flows' | 'callers'>>>>;
}

const MINUTE = 60_000;
/**
 * Clocks of workers on one database may be so far apart: a lease, or the time of the next sweep, that another has set is believed
 * though it lies so far beyond what one's own clock could have set. Later ones were set by a clock that was ahead.
 */
export const CLOCKS_DIFFER_MS = MINUTE;
const DAY = 24 * 60 * MINUTE;

export const DEFAULT_SETTINGS: Settings = {
  pollIntervalMs: 10_000,
  outagePollIntervalMs: 15 * MINUTE,
  dailyApiCalls: null,
  spentPollIntervalMs: 60 * MINUTE,
  sweepRoom: 2_000,
  heartbeatIntervalMs: MINUTE,
  wakeGapMs: 1_000,
  awakeGapMs: 3_000,
  eagerLooksADay: 20_000,
  queuePollMs: 1_000,
  leaseMs: 2 * MINUTE,
  maxAttempts: 5,
  retry: { baseMs: 2_000, maxMs: 10 * MINUTE },
  deferral: { baseMs: 500, maxMs: MINUTE },
  outage: { baseMs: 500, maxMs: MINUTE },
  salesforceLingerMs: 200,
  externalLanes: 4,
  salesforceBatchBytes: 1_500_000,
  answerGraceMs: 15 * MINUTE,
  answerMaxMs: 240 * MINUTE,
  schemaCheckMs: SCHEMA_CHECK_MS,
  maintenanceIntervalMs: 60 * MINUTE,
  retention: { doneMs: 7 * DAY, conflictMs: 30 * DAY, inboxMs: 14 * DAY, auditMs: 400 * DAY },
  readySweepAgeMs: MINUTE,
  callers: { external: null, intake: null, operator: null },
  flows: {},
};

/** The settings of one flow. */
export const settingsFor = (settings: Settings, flow: string): Settings => ({
  ...settings,
  ...(Object.hasOwn(settings.flows, flow) ? settings.flows[flow] : {}),
});
