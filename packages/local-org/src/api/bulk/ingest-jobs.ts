/**
 * Ingest jobs of Bulk API 2.0, kept in the store's state: the job, what was uploaded, its rows once they were read, and
 * what became of each. All of it outlives a restart.
 */
import type { Store } from '../../store/types.ts';
import { jobSummary, jobTable, type BulkJob } from './jobs.ts';

export const INGEST_OPERATIONS = ['insert', 'update', 'upsert', 'delete', 'hardDelete'] as const;
export type IngestOperation = (typeof INGEST_OPERATIONS)[number];
export type IngestState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

export interface IngestJob extends BulkJob {
  operation: IngestOperation;
  state: IngestState;
  /** The external id by which an upsert finds its records. */
  externalIdField: string | null;
  assignmentRuleId: string | null;
  /** Pieces of the upload that are kept; 0: nothing was uploaded, or it was read. */
  pieces: number;
  /** The header of the upload, once it was read. */
  columns: string[];
  rows: number;
  /** Rows that are done with, from the first on: the next one is that index. */
  processed: number;
  failed: number;
  /** Milliseconds. */
  processingTime: number;
  /** Why the job failed. */
  errorMessage: string | null;
}

/** As the answers to creating and changing a job show it. */
export const ingestSummary = (job: IngestJob): Record<string, unknown> => ({
  ...jobSummary(job),
  ...(job.externalIdField === null ? {} : { externalIdFieldName: job.externalIdField }),
  ...(job.assignmentRuleId === null ? {} : { assignmentRuleId: job.assignmentRuleId }),
  ...(job.state === 'Open' ? { contentUrl: `services/data/v${job.version}/jobs/ingest/${job.id}/batches` } : {}),
});

/** As a list shows it. */
export const listedIngest = (job: IngestJob): Record<string, unknown> => ({
  ...ingestSummary(job),
  jobType: 'V2Ingest',
});

/** As the job's own resource shows it. The local org does not tell its own time from that of Apex: both are 0. */
export const ingestInfo = (job: IngestJob): Record<string, unknown> => ({
  ...listedIngest(job),
  numberRecordsProcessed: job.processed,
  numberRecordsFailed: job.failed,
  retries: 0,
  totalProcessingTime: job.processingTime,
  apiActiveProcessingTime: 0,
  apexProcessingTime: 0,
  ...(job.errorMessage === null ? {} : { errorMessage: job.errorMessage }),
});

export const INGEST_JOBS = jobTable<IngestJob>('bulk-ingest-job');
const CONTENT = 'bulk-ingest-content';
const ROWS = 'bulk-ingest-rows';
const OUTCOMES = 'bulk-ingest-outcomes';
/** Characters of an upload that are kept under one key. */
const PIECE = 1_000_000;
/** Records that are saved in one transaction. Apex Developer Guide, "Bulk Requests and Triggers": chunks of 200. */
export const ROWS_A_CHUNK = 200;

const keyOf = (id: string, part: number): string => `${id}:${part}`;
const partsOf = (rows: number): number => Math.ceil(rows / ROWS_A_CHUNK);

/** Keeps what was uploaded and answers in how many pieces; part of the open transaction. */
export const putContent = (store: Store, id: string, text: string): number => {
  let pieces = 0;
  for (let at = 0; at < text.length; at += PIECE)
    store.state.put(CONTENT, keyOf(id, pieces++), JSON.stringify(text.slice(at, at + PIECE)));
  return pieces;
};

export const contentOf = (store: Store, { id, pieces }: IngestJob): string =>
  Array.from({ length: pieces }, (_, piece) => JSON.parse(store.state.get(CONTENT, keyOf(id, piece))!) as string).join(
    '',
  );

const removeContent = (store: Store, { id, pieces }: IngestJob): void => {
  for (let piece = 0; piece < pieces; piece++) store.state.delete(CONTENT, keyOf(id, piece));
};

/** Keeps the rows of an upload in the place of its text; part of the open transaction. */
export const putRows = (store: Store, job: IngestJob, rows: readonly string[][]): void => {
  removeContent(store, job);
  for (let part = 0; part < partsOf(rows.length); part++) {
    const kept = rows.slice(part * ROWS_A_CHUNK, (part + 1) * ROWS_A_CHUNK);
    store.state.put(ROWS, keyOf(job.id, part), JSON.stringify(kept));
  }
};

/** The rows of a chunk, counted from 0. */
export const chunkRows = (store: Store, id: string, chunk: number): string[][] =>
  JSON.parse(store.state.get(ROWS, keyOf(id, chunk))!) as string[][];

/** What became of the rows of a chunk, as lines of the two result files. */
export interface ChunkOutcome {
  successful: string[];
  failed: string[];
}

/** Part of the open transaction. */
export const putOutcome = (store: Store, id: string, chunk: number, outcome: ChunkOutcome): void =>
  store.state.put(OUTCOMES, keyOf(id, chunk), JSON.stringify(outcome));

const chunksDone = ({ processed }: IngestJob): number => partsOf(processed);

/** The lines of one of the result files, without its header. */
export const outcomeLines = (store: Store, job: IngestJob, which: keyof ChunkOutcome): string[] =>
  Array.from(
    { length: chunksDone(job) },
    (_, chunk) => (JSON.parse(store.state.get(OUTCOMES, keyOf(job.id, chunk))!) as ChunkOutcome)[which],
  ).flat();

/** The rows that no chunk reached. */
export const unprocessedRows = (store: Store, job: IngestJob): string[][] =>
  Array.from({ length: partsOf(job.rows) - chunksDone(job) }, (_, index) =>
    chunkRows(store, job.id, chunksDone(job) + index),
  ).flat();

/** The job and all that is kept of it; part of the open transaction. */
export const removeIngest = (store: Store, job: IngestJob): void => {
  removeContent(store, job);
  for (let part = 0; part < partsOf(job.rows); part++) {
    store.state.delete(ROWS, keyOf(job.id, part));
    store.state.delete(OUTCOMES, keyOf(job.id, part));
  }
  INGEST_JOBS.remove(store, job.id);
};

/** Part of the open transaction. */
export const removeExpiredIngests = (store: Store, now: number): void => {
  for (const job of INGEST_JOBS.expired(store, now)) removeIngest(store, job);
};
