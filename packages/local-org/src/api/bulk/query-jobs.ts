/**
 * Query jobs of Bulk API 2.0 and their results, kept in the store's state: they outlive a restart, and
 * a set of results that was read can be read again.
 */
import type { Store } from '../../store/types.ts';
import { jobSummary, jobTable, type BulkJob } from './jobs.ts';

/** Bulk API 2.0 query jobs: what is kept of one, and what the API shows of it. */
export type QueryOperation = 'query' | 'queryAll';
export type JobState = 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

/** Results must be asked for with the version of the job. */
export interface QueryJob extends BulkJob {
  operation: QueryOperation;
  query: string;
  state: JobState;
  /** Records of the result, once there is one. */
  records: number;
  /** Milliseconds. */
  processingTime: number;
  /** First line of every set of results, once there is one. */
  header: string | null;
  /** Why the job failed. */
  errorMessage: string | null;
}

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

export const QUERY_JOBS = jobTable<QueryJob>('bulk-query-job');
const RESULTS = 'bulk-query-result';
/** Result lines kept under one key. */
const LINES_A_PART = 1_000;

const partKey = (id: string, part: number): string => `${id}:${part}`;
const partsOf = (records: number): number => Math.ceil(records / LINES_A_PART);

/** The job and its results; part of the open transaction. */
export const removeJob = (store: Store, { id, records }: QueryJob): void => {
  for (let part = 0; part < partsOf(records); part++) store.state.delete(RESULTS, partKey(id, part));
  QUERY_JOBS.remove(store, id);
};

/** Part of the open transaction. */
export const removeExpiredJobs = (store: Store, now: number): void => {
  for (const job of QUERY_JOBS.expired(store, now)) removeJob(store, job);
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
