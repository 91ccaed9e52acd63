/** The durable queue of asynchronous Apex, in the store's own state: part of whatever transaction changes it. */
import type { Store } from '../../../store/types.ts';

interface JobBase {
  /** Id of its AsyncApexJob. */
  id: string;
  className: string;
  /** Whom it runs as. */
  userId: string;
  /** Epoch milliseconds. */
  dueAt: number;
  /** Orders jobs of one moment; given by `putJob`. */
  sequence: number;
}

export interface QueueableJob extends JobBase {
  kind: 'queueable';
  /** The serialised instance. */
  payload: string;
  chain: { current: number; maximum: number };
  signature: string | null;
}

export interface FutureJob extends JobBase {
  kind: 'future';
  /** JavaScript member of the class. */
  member: string;
  /** The serialised list of arguments. */
  payload: string;
}

export interface BatchJob extends JobBase {
  kind: 'batch';
  /** The serialised instance; its fields change between chunks when it is Database.Stateful. */
  payload: string;
  scope: number;
  stateful: boolean;
  phase: 'start' | 'execute' | 'finish';
  /** Next chunk and number of chunks, once started. */
  chunk: number;
  chunks: number;
  errors: number;
  /** How a QueryLocator's chunks are read; null for an Iterable. */
  query: { soql: string; access: 'user' | 'system' } | null;
}

/** Runs after its parent queueable, whatever became of it. */
export interface FinalizerJob extends JobBase {
  kind: 'finalizer';
  payload: string;
  /** Text of the parent's exception, null after success. */
  failure: { type: string; message: string } | null;
}

export type Job = QueueableJob | FutureJob | BatchJob | FinalizerJob;
/** A job that was not yet put into the queue. */
export type NewJob = Job extends infer J ? (J extends Job ? Omit<J, 'sequence'> : never) : never;

const JOBS = 'async-job';
const COUNTERS = 'counter';
const DIGITS = 16;

const keyOf = (job: Job): string =>
  `${String(job.dueAt).padStart(DIGITS, '0')}:${String(job.sequence).padStart(DIGITS, '0')}`;

const nextSequence = (store: Store): number => {
  const next = Number(store.state.get(COUNTERS, JOBS) ?? 0) + 1;
  store.state.put(COUNTERS, JOBS, String(next));
  return next;
};

export const putJob = (store: Store, job: NewJob): void => {
  const queued = { ...job, sequence: nextSequence(store) };
  store.state.put(JOBS, keyOf(queued), JSON.stringify(queued));
};

export const removeJob = (store: Store, job: Job): void => store.state.delete(JOBS, keyOf(job));

/** Queued jobs, the one due first at the head: the store lists by key. */
export const jobs = (store: Store): Job[] => store.state.list(JOBS).map(({ value }) => JSON.parse(value) as Job);

/** The job that is due first, or null. */
export const firstJob = (store: Store): Job | null => {
  const [first] = store.state.list(JOBS);
  return first ? (JSON.parse(first.value) as Job) : null;
};
