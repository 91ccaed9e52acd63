import type { EventTriggerContext, RequestContext } from '../services.ts';
import type { Apex } from '../types.ts';
import { Governor } from './governor.ts';
import { SYNCHRONOUS_LIMITS, type LimitSet } from './limits.ts';

/** Where work comes from; names as System.Quiddity has them. */
export type Quiddity =
  | 'ANONYMOUS'
  | 'REST'
  | 'SYNCHRONOUS'
  | 'QUEUEABLE'
  | 'BATCH_APEX'
  | 'FUTURE'
  | 'SCHEDULED'
  | 'TRANSACTION_FINALIZER_QUEUEABLE'
  | 'RUNTEST_SYNC'
  | 'UD';

/**
 * One unit of work under one set of governor limits: a request, a job, a batch chunk. Outside tests a
 * transaction has exactly one; a test runs its asynchronous units within its own transaction.
 */
export interface Unit {
  governor: Governor;
  request: RequestContext;
  /** The kind of object written first, for the mixed-DML rule. */
  written: { setup: boolean; object: string } | null;
  /** DML or enqueued work is pending: no callout is allowed any more. */
  uncommitted: boolean;
  /** Why this kind of work may not call out, or null when it may. */
  calloutRefusal: string | null;
  /** Milliseconds spent in callouts. */
  calloutMs: number;
  /** Savepoints that were not released: what was uncommitted before each. */
  savepoints: Map<number, { uncommittedBefore: boolean; rolledBack: boolean }>;
  /** The queueable chain this runs in. */
  chain: { current: number; maximum: number } | null;
  /** Which method of a batch job runs. */
  batchPhase: 'start' | 'execute' | 'finish' | null;
  /** Attached by System.attachFinalizer. */
  finalizer: Apex;
  eventTrigger: EventTriggerContext | null;
}

export const newUnit = (quiddity: Quiddity, requestId: string, limits: LimitSet = SYNCHRONOUS_LIMITS): Unit => ({
  governor: new Governor(limits),
  request: {
    requestId,
    quiddity,
    isBatch: quiddity === 'BATCH_APEX',
    isFuture: quiddity === 'FUTURE',
    isQueueable: quiddity === 'QUEUEABLE',
    isScheduled: quiddity === 'SCHEDULED',
  },
  written: null,
  uncommitted: false,
  calloutRefusal: null,
  calloutMs: 0,
  savepoints: new Map(),
  chain: null,
  batchPhase: null,
  finalizer: null,
  eventTrigger: null,
});
