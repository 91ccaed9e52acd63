/**
 * Governor limits, each with its unit. Page: Apex Developer Guide, "Execution Governors and Limits",
 * https://developer.salesforce.com/docs/atlas.en-us.apexcode.meta/apexcode/apex_gov_limits.htm
 */

/** What a transaction may use up, under the names of the getters of `System.Limits` (`getQueries`, `getLimitQueries`). */
export const LIMIT_NAMES = [
  'Queries',
  'AggregateQueries',
  'QueryRows',
  'QueryLocatorRows',
  'SoslQueries',
  'DmlStatements',
  'DmlRows',
  'Callouts',
  'CpuTime',
  'HeapSize',
  'EmailInvocations',
  'FutureCalls',
  'QueueableJobs',
  'PublishImmediateDml',
  'Savepoints',
  'SavepointRollbacks',
  'MobilePushApexCalls',
  'RunAs',
  'AsyncCalls',
  'FindSimilarCalls',
] as const;
export type LimitName = (typeof LIMIT_NAMES)[number];
export type LimitSet = Readonly<Record<LimitName, number>>;

/** Synchronous Apex. CpuTime in milliseconds, HeapSize in bytes, everything else in pieces. */
export const SYNCHRONOUS_LIMITS: LimitSet = {
  Queries: 100,
  AggregateQueries: 300,
  QueryRows: 50_000,
  QueryLocatorRows: 10_000,
  SoslQueries: 20,
  DmlStatements: 150,
  DmlRows: 10_000,
  Callouts: 100,
  CpuTime: 10_000,
  HeapSize: 6_000_000,
  EmailInvocations: 10,
  FutureCalls: 50,
  QueueableJobs: 50,
  PublishImmediateDml: 150,
  Savepoints: 150,
  SavepointRollbacks: 150,
  MobilePushApexCalls: 10,
  RunAs: 20,
  AsyncCalls: 200,
  FindSimilarCalls: 10,
};

/** Asynchronous Apex: batch and future. */
export const ASYNCHRONOUS_LIMITS: LimitSet = {
  ...SYNCHRONOUS_LIMITS,
  Queries: 200,
  CpuTime: 60_000,
  HeapSize: 12_000_000,
  FutureCalls: 0,
  QueueableJobs: 1,
};

/** A queueable may also call future methods. Page: "Execution Governors and Limits", note on @future. */
export const QUEUEABLE_LIMITS: LimitSet = { ...ASYNCHRONOUS_LIMITS, FutureCalls: 50 };

/** A QueryLocator's rows in a batch job. Page: "Using Batch Apex". */
export const BATCH_QUERY_LOCATOR_ROWS = 50_000_000;

/** Events in a chunk that a platform event trigger sees. Page: "Platform Events Developer Guide, Subscribe with Apex Triggers". */
export const EVENT_TRIGGER_CHUNK = 2_000;
/** Triggers that fire triggers that fire triggers. Page: "Execution Governors and Limits", stack depth. */
export const TRIGGER_DEPTH = 16;
/** Runs of chunks of different objects in one DML call. Page: "DML Statements", creating multiple object types in one call. */
export const DML_OBJECT_CHUNKS = 10;
/** Milliseconds that a transaction may spend in callouts. */
export const CALLOUT_TIME_MS = 120_000;
/** Milliseconds: the most one callout may wait. Page: "Callout Limits and Limitations". */
export const CALLOUT_TIMEOUT_MAX_MS = 120_000;
/** Attempts after the first that EventBus.RetryableException asks for. Page: "Retry Event Triggers with EventBus.RetryableException". */
export const EVENT_TRIGGER_RETRIES = 9;
/** Milliseconds that platform events are kept: 72 hours. */
export const EVENT_RETENTION_MS = 72 * 3_600_000;
/** The most records a batch chunk. Page: "Using Batch Apex". */
export const BATCH_SCOPE_MAX = 2_000;
/** Scheduled Apex jobs at one time. */
export const SCHEDULED_JOBS = 100;
/** Batch jobs that are queued or running at a time, and further ones that are held in the flex queue. */
export const ACTIVE_BATCH_JOBS = 5;
export const HOLDING_BATCH_JOBS = 100;
/** Minutes a queueable may be delayed. */
export const QUEUEABLE_DELAY_MAX_MINUTES = 10;
/** Frames of a recursion in Apex. */
export const STACK_DEPTH = 1_000;

/**
 * Apex statements that this machine counts as one millisecond of CPU time. Time itself would make a run
 * depend on the machine; a count of loop turns and method calls does not. Salesforce executes roughly a
 * thousand of them a millisecond; twice that leaves room for what is not counted the same.
 */
export const TICKS_PER_CPU_MS = 2_000;
/** Steps of the library's own work (a character read by a regular expression, an element compared) that count as one statement. */
export const STEPS_PER_TICK = 2;
