/**
 * Query jobs of Bulk API 2.0 and their results, kept in the store's state: they outlive a restart, and
 * a set of results that was read can be read again.
 */
import type { Store } from '../../store/types.ts';
import type { CsvFormat } from './csv.ts';
import { lives, moment } from './jobs.ts';

/** Bulk API 2.0 query jobs: what is kept of one, and what the API shows of it. */
export type QueryOperation = 'query' | 'queryAll';
export type JobState = 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

export interface QueryJob extends CsvFormat {
  id: string;
  operation: QueryOperation;
  query: string;
  object: string;
  createdById: string;
  /** Epoch milliseconds. */
  createdAt: number;
  changedAt: number;
  state: JobState;
  /** `67.0`: results must be asked for with the same. */
  version: string;
  /** Records of the result, once there is one. */
  records: number;
  /** Milliseconds. */
  processingTime: number;
  /** First line of every set of results, once there is one. */
  header: string | null;
  /** Why the job failed. */
  errorMessage: string | null;
}

/** Bulk API 2.0 Developer Guide, "Job States". */
const ENDED: ReadonlySet<JobState> = new Set(['JobComplete', 'Failed', 'Aborted']);

export const hasEnded = ({ state }: Pick<QueryJob, 'state'>): boolean => ENDED.has(state);

/** As the answers to creating and aborting a job show it. */
export const jobSummary = (job: QueryJob): Record<string, unknown> => ({
  id: job.id,
  operation: job.operation,
  object: job.object,
  createdById: job.createdById,
  createdDate: moment(job.createdAt),
  systemModstamp: moment(job.changedAt),
  state: job.state,
  concurrencyMode: 'Parallel',
  contentType: 'CSV',
  apiVersion: Number(job.version),
  lineEnding: job.lineEnding,
  columnDelimiter: job.columnDelimiter,
});

/** As a list shows it. */
export const listedJob = (job: QueryJob): Record<string, unknown> => ({ ...jobSummary(job), jobType: 'V2Query' });

/** As the job's own resource shows it. */
export const jobInfo = (job: QueryJob): Record<string, unknown> => ({
  ...listedJob(job),
  numberRecordsProcessed: job.records,
  retries: 0,
  totalProcessingTime: job.processingTime,
  // The local org reads a query in one go: nothing is chunked by primary key.
  isPkChunkingSupported: false,
  ...(job.errorMessage === null ? {} : { errorMessage: job.errorMessage }),
});

const JOBS = 'bulk-query-job';
const RESULTS = 'bulk-query-result';
/** Result lines kept under one key. */
const LINES_A_PART = 1_000;

const partKey = (id: string, part: number): string => `${id}:${part}`;
const partsOf = (records: number): number => Math.ceil(records / LINES_A_PART);

/** Part of the open transaction. */
export const putJob = (store: Store, job: QueryJob): void => store.state.put(JOBS, job.id, JSON.stringify(job));

/** Jobs that are not past their lifespan, in the order of their creation. */
export const allJobs = (store: Store, now: number): QueryJob[] => storedJobs(store).filter((job) => lives(job, now));

export const findJob = (store: Store, id: string, now: number): QueryJob | null => {
  const normal = store.normalizeId(id);
  const text = normal === null ? null : store.state.get(JOBS, normal);
  const job = text === null ? null : (JSON.parse(text) as QueryJob);
  return job && lives(job, now) ? job : null;
};

/** The job and its results; part of the open transaction. */
export const removeJob = (store: Store, { id, records }: QueryJob): void => {
  for (let part = 0; part < partsOf(records); part++) store.state.delete(RESULTS, partKey(id, part));
  store.state.delete(JOBS, id);
};

/** Part of the open transaction. */
export const removeExpiredJobs = (store: Store, now: number): void => {
  for (const job of storedJobs(store)) if (!lives(job, now)) removeJob(store, job);
};

/** Keeps the lines of a job's result; part of the open transaction. */
export const putResult = (store: Store, id: string, lines: string[]): void => {
  for (let part = 0; part < partsOf(lines.length); part++) {
    const kept = lines.slice(part * LINES_A_PART, (part + 1) * LINES_A_PART);
    store.state.put(RESULTS, partKey(id, part), JSON.stringify(kept));
  }
};

/** Lines `start` (inclusive) to `end` (exclusive) of a job's result. */
export const resultLines = (store: Store, { id }: QueryJob, start: number, end: number): string[] => {
  const lines: string[] = [];
  for (let part = Math.floor(start / LINES_A_PART); part < partsOf(end); part++) {
    const kept = JSON.parse(store.state.get(RESULTS, partKey(id, part))!) as string[];
    const from = part * LINES_A_PART;
    for (const line of kept.slice(Math.max(0, start - from), end - from)) lines.push(line);
  }
  return lines;
};

const storedJobs = (store: Store): QueryJob[] =>
  store.state.list(JOBS).map(({ value }) => JSON.parse(value) as QueryJob);
