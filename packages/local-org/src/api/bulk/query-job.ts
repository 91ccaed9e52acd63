/** Bulk API 2.0 query jobs: what is kept of one, and what the API shows of it. */
import { datetimeText } from '../records/value-to-json.ts';
import type { CsvFormat } from './csv.ts';

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

const moment = (at: number): string => datetimeText(Math.floor(at / 1000) * 1000);
