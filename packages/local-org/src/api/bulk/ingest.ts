/**
 * How an ingest job goes on. Salesforce takes jobs from a queue; the local org does nothing by itself, so a job goes on
 * when somebody asks how it goes at a later moment of the org's clock than that of its last change before: at most
 * `BATCHES_AN_ASK` batches a question, so that no question holds the org for long. Chunks of 200 records are transactions
 * of their own, each with what became of its rows: a killed org has saved a chunk and knows it, or neither.
 */
import { StoreError, type SaveError, type SaveRequest, type SaveResult } from '../../store/types.ts';
import type { Call } from '../call.ts';
import { inTransaction } from '../in-transaction.ts';
import { isRow, type Entry } from '../records/collection.ts';
import type { ApiDeps, ApiTransaction } from '../types.ts';
import { csvLine } from './csv.ts';
import { readColumns } from './ingest-columns.ts';
import {
  chunkRows,
  contentOf,
  type ChunkOutcome,
  INGEST_JOBS,
  type IngestJob,
  putOutcome,
  putRows,
  ROWS_A_CHUNK,
} from './ingest-jobs.ts';
import { hasEnded } from './jobs.ts';
import { readRows, type RowReading } from './ingest-rows.ts';
import { JobProblem, readUpload } from './ingest-upload.ts';

/** Bulk API 2.0 Developer Guide, "How Requests Are Processed": a batch for every 10,000 records. */
export const ROWS_A_BATCH = 10_000;
const BATCHES_AN_ASK = 10;

/** The job as it stands now, after it has gone on if it was due. */
export const goOn = (call: Pick<Call, 'deps' | 'state'>, job: IngestJob): IngestJob => {
  const { deps } = call;
  if (hasEnded(job) || job.state === 'Open') return job;
  if (deps.clock.now() <= job.changedAt && job.processed === 0)
    return keep(deps, { ...job, state: 'InProgress' }, job.changedAt);
  const startedAt = deps.clock.now();
  try {
    return carryOn(call, begun(deps, job), startedAt);
  } catch (error) {
    if (!(error instanceof JobProblem)) throw error;
    return keep(deps, { ...job, state: 'Failed', errorMessage: error.message }, startedAt);
  }
};

const keep = ({ store, clock }: ApiDeps, job: IngestJob, changedAt = clock.now()): IngestJob => {
  const kept = { ...job, changedAt };
  inTransaction(store, () => INGEST_JOBS.put(store, kept));
  return kept;
};

/** With its upload read, if that is still to be done. */
const begun = ({ store }: ApiDeps, job: IngestJob): IngestJob => {
  if (job.columns.length > 0) return job;
  const { columns, rows } = readUpload(contentOf(store, job), job);
  return inTransaction(store, () => {
    putRows(store, job, rows);
    const read: IngestJob = { ...job, state: 'InProgress', pieces: 0, columns, rows: rows.length };
    INGEST_JOBS.put(store, read);
    return read;
  });
};

const carryOn = ({ deps, state }: Pick<Call, 'deps' | 'state'>, begunJob: IngestJob, startedAt: number): IngestJob => {
  const object = deps.store.schema.objects.get(begunJob.object.toLowerCase())!;
  const columns = readColumns(deps.store, object, begunJob);
  const reading: RowReading = { object, operation: begunJob.operation, columns };
  const stop = begunJob.processed + BATCHES_AN_ASK * ROWS_A_BATCH;
  let job = begunJob;
  while (job.processed < Math.min(job.rows, stop)) {
    if (job.processed % ROWS_A_BATCH === 0 && !state.bulkBatches.take(deps.clock.now()))
      throw new JobProblem(`ExceededQuota : Maximum batches per rolling 24 hour period: ${state.bulkBatches.max}`);
    job = saveChunk(deps, reading, job);
  }
  const processingTime = job.processingTime + deps.clock.now() - startedAt;
  return keep(deps, { ...job, processingTime, state: job.processed < job.rows ? 'InProgress' : 'JobComplete' });
};

/** Saves the next chunk as the job's creator may, and keeps what became of its rows. */
const saveChunk = (deps: ApiDeps, reading: RowReading, job: IngestJob): IngestJob => {
  const { store } = deps;
  const chunk = job.processed / ROWS_A_CHUNK;
  const rows = chunkRows(store, job.id, chunk);
  const access = { userId: job.createdById, mode: 'user', sharing: true } as const;
  const finish = (results: readonly SaveResult[]): IngestJob => {
    const outcome = outcomeOf(job, rows, results);
    putOutcome(store, job.id, chunk, outcome);
    const after = {
      ...job,
      processed: job.processed + rows.length,
      failed: job.failed + outcome.failed.length,
    };
    INGEST_JOBS.put(store, after);
    return after;
  };
  try {
    return deps.transaction(
      job.createdById,
      (transaction) => finish(saved(deps, transaction, job, readRows(store, access, reading, rows))),
      // without a rule of its own a job uses none: Bulk API 2.0 Developer Guide, "Create a Job"
      { assignmentRule: job.assignmentRuleId === null ? null : { ruleId: job.assignmentRuleId } },
    );
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const { code, message, fields } = error;
    return inTransaction(store, () => finish(rows.map(() => failure([{ code, message: message.trim(), fields }]))));
  }
};

const failure = (errors: SaveError[]): SaveResult => ({ id: null, success: false, created: false, errors });

const saved = (deps: ApiDeps, transaction: ApiTransaction, job: IngestJob, entries: Entry[]): SaveResult[] => {
  const readable = entries.filter(isRow);
  const access = { userId: job.createdById, mode: 'user', sharing: true } as const;
  const request: SaveRequest = {
    operation: job.operation === 'hardDelete' ? 'delete' : job.operation,
    rows: readable,
    allOrNone: false,
    access,
    source: 'api',
    ...(job.externalIdField === null ? {} : { externalIdField: job.externalIdField }),
  };
  const results = readable.length === 0 ? [] : transaction.save(request);
  if (job.operation === 'hardDelete') {
    const gone = results.filter(({ success }) => success).map(({ id }) => id!);
    if (gone.length > 0) deps.store.emptyRecycleBin(gone, access);
  }
  let next = 0;
  return entries.map((entry) => (isRow(entry) ? results[next++]! : failure(entry)));
};

/** `CODE:message:Field__c --`, several of them joined by `;`. */
const errorText = (errors: readonly SaveError[]): string =>
  errors
    .map(({ code, message, fields }) => `${code}:${message}:${fields.join(', ')}${fields.length > 0 ? ' ' : ''}--`)
    .join(';');

const outcomeOf = (
  job: IngestJob,
  rows: readonly (readonly string[])[],
  results: readonly SaveResult[],
): ChunkOutcome => {
  const outcome: ChunkOutcome = { successful: [], failed: [] };
  const idColumn = job.columns.findIndex((name) => name.toLowerCase() === 'id');
  rows.forEach((row, index) => {
    const { success, id, created, errors } = results[index]!;
    const isNew = job.operation === 'insert' || created;
    if (success) outcome.successful.push(csvLine([id!, String(isNew), ...row], job));
    else outcome.failed.push(csvLine([id ?? row[idColumn] ?? '', errorText(errors), ...row], job));
  });
  return outcome;
};
