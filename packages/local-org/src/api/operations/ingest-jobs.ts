/** /jobs/ingest: ingest jobs of Bulk API 2.0. */
import { csvLine } from '../bulk/csv.ts';
import { goOn } from '../bulk/ingest.ts';
import {
  INGEST_JOBS,
  ingestInfo,
  type IngestJob,
  ingestSummary,
  listedIngest,
  outcomeLines,
  putContent,
  removeExpiredIngests,
  removeIngest,
  unprocessedRows,
} from '../bulk/ingest-jobs.ts';
import { hasEnded, newJobId } from '../bulk/jobs.ts';
import type { Answer, Call, Operation } from '../call.ts';
import { readMultipart } from '../deployments/request.ts';
import { apiError } from '../errors.ts';
import { inTransaction } from '../in-transaction.ts';
import { listOf, namedJob } from '../validations/bulk-job.ts';
import { askedState, ingestRequest } from '../validations/ingest-job.ts';

const CSV_ONLY = /\btext\/csv\b/i;

interface Posted {
  request: string;
  /** The upload of a multipart request, which makes the job complete at once. */
  content: string | null;
}

const posted = ({ headers, body, bytes }: Call): Posted => {
  if (!bytes) return { request: body, content: null };
  const parts = readMultipart(headers['content-type'] ?? '', bytes);
  const [request, content] = [parts.get('job'), parts.get('content')];
  if (!request || !content)
    throw apiError('INVALID_MULTIPART_REQUEST', "The multipart body needs the parts 'job' and 'content'");
  return { request: request.toString('utf8'), content: content.toString('utf8') };
};

/** POST /jobs/ingest: a job, with its data when the request is a multipart one. It is carried out later; see bulk/ingest.ts. */
export const createIngestJob: Operation = {
  method: 'POST',
  path: '/jobs/ingest',
  takes: /\bjson\b|multipart\/form-data/i,
  run(call) {
    const { deps, userId, version } = call;
    const { request, content } = posted(call);
    const asked = ingestRequest(call, request);
    const now = deps.clock.now();
    const { store } = deps;
    const job = inTransaction(store, () => {
      removeExpiredIngests(store, now);
      const id = newJobId(store);
      const made: IngestJob = {
        ...asked,
        id,
        createdById: userId,
        createdAt: now,
        changedAt: now,
        state: content === null ? 'Open' : 'UploadComplete',
        version,
        pieces: content === null ? 0 : putContent(store, id, content),
        columns: [],
        rows: 0,
        processed: 0,
        failed: 0,
        processingTime: 0,
        errorMessage: null,
      };
      INGEST_JOBS.put(store, made);
      return made;
    });
    return { status: 200, body: ingestSummary(job) };
  },
};

/** GET /jobs/ingest: the ingest jobs that the caller may ask for, 1,000 at a time. */
export const listIngestJobs: Operation = {
  method: 'GET',
  path: '/jobs/ingest',
  run: (call) => ({
    status: 200,
    body: listOf(call, { jobs: INGEST_JOBS, type: 'V2Ingest', path: '/jobs/ingest', show: listedIngest }),
  }),
};

/** GET /jobs/ingest/750…: how a job goes. */
export const getIngestJob: Operation = {
  method: 'GET',
  path: '/jobs/ingest/:id',
  run: (call) => ({ status: 200, body: ingestInfo(goOn(call, namedJob(call, INGEST_JOBS))) }),
};

/** PUT /jobs/ingest/750…/batches: the data of a job, once. */
export const uploadIngestData: Operation = {
  method: 'PUT',
  path: '/jobs/ingest/:id/batches',
  takes: CSV_ONLY,
  run(call) {
    const job = namedJob(call, INGEST_JOBS);
    if (job.state !== 'Open')
      throw apiError('INVALIDJOBSTATE', `Data is taken while the job is Open; it is ${job.state}`);
    if (job.pieces > 0) throw apiError('INVALIDJOBSTATE', 'The data of a job is uploaded once: create another job');
    const { store, clock } = call.deps;
    inTransaction(store, () => {
      INGEST_JOBS.put(store, { ...job, pieces: putContent(store, job.id, call.body), changedAt: clock.now() });
    });
    return { status: 201 };
  },
};

/** PATCH /jobs/ingest/750… {"state": "UploadComplete" | "Aborted"}: the data is complete, or nothing more of it is processed. */
export const changeIngestJob: Operation = {
  method: 'PATCH',
  path: '/jobs/ingest/:id',
  run(call) {
    const state = askedState(call.body);
    const job = namedJob(call, INGEST_JOBS);
    if (hasEnded(job) || (state === 'UploadComplete' && job.state !== 'Open'))
      throw apiError('INVALIDJOBSTATE', `Changing the state from ${job.state} to ${state} is not allowed`);
    const { store, clock } = call.deps;
    const changed: IngestJob = { ...job, state, changedAt: clock.now() };
    inTransaction(store, () => INGEST_JOBS.put(store, changed));
    return { status: 200, body: ingestSummary(changed) };
  },
};

/** DELETE /jobs/ingest/750…: takes a job that is not under way, with all that is kept of it. */
export const deleteIngestJob: Operation = {
  method: 'DELETE',
  path: '/jobs/ingest/:id',
  run(call) {
    const job = namedJob(call, INGEST_JOBS);
    if (!hasEnded(job) && job.state !== 'UploadComplete')
      throw apiError('INVALIDJOBSTATE', `A job that is ${job.state} cannot be deleted`);
    const { store } = call.deps;
    inTransaction(store, () => removeIngest(store, job));
    return { status: 204 };
  },
};

/** One of the three files of a job that has ended. `own`: the columns that stand before those of the upload. */
const results =
  (own: readonly string[], lines: (call: Call, job: IngestJob) => string[]) =>
  (call: Call): Answer => {
    const job = goOn(call, namedJob(call, INGEST_JOBS));
    if (!hasEnded(job))
      throw apiError('INVALIDJOBSTATE', `Results are there when the job has ended; it is ${job.state}`);
    return {
      status: 200,
      headers: { 'content-type': 'text/csv' },
      text: [csvLine([...own, ...job.columns], job), ...lines(call, job)].join(''),
    };
  };

/** GET /jobs/ingest/750…/successfulResults */
export const getSuccessfulResults: Operation = {
  method: 'GET',
  path: '/jobs/ingest/:id/successfulResults',
  run: results(['sf__Id', 'sf__Created'], ({ deps }, job) => outcomeLines(deps.store, job, 'successful')),
};

/** GET /jobs/ingest/750…/failedResults */
export const getFailedResults: Operation = {
  method: 'GET',
  path: '/jobs/ingest/:id/failedResults',
  run: results(['sf__Id', 'sf__Error'], ({ deps }, job) => outcomeLines(deps.store, job, 'failed')),
};

const unprocessed = results([], ({ deps }, job) => unprocessedRows(deps.store, job).map((row) => csvLine(row, job)));

/** GET /jobs/ingest/750…/unprocessedrecords; clients write it in both ways. */
export const getUnprocessedRecords: Operation[] = ['unprocessedrecords', 'unprocessedRecords'].map((name) => ({
  method: 'GET',
  path: `/jobs/ingest/:id/${name}`,
  run: unprocessed,
}));
