/** /jobs/query: query jobs of Bulk API 2.0. */
import { advance } from '../bulk/carry-out.ts';
import {
  QUERY_JOBS,
  type QueryJob,
  removeExpiredJobs,
  listedJob,
  jobInfo,
  resultLines,
  removeJob,
} from '../bulk/query-jobs.ts';
import { hasEnded, jobSummary, newJobId } from '../bulk/jobs.ts';
import type { Operation } from '../call.ts';
import { apiError, ApiError } from '../errors.ts';
import { inTransaction } from '../in-transaction.ts';
import {
  requireBulkQuery,
  queryJobRequest,
  ownJob,
  locatorOf,
  resultPage,
  requireAbort,
} from '../validations/query-job.ts';
import { listOf, namedJob } from '../validations/bulk-job.ts';

/** POST /jobs/query: a Bulk API 2.0 query job. It is checked now and run later; see bulk/carry-out.ts. */
export const createQueryJob: Operation = {
  method: 'POST',
  path: '/jobs/query',
  run({ deps, state, userId, access, body, version }) {
    const request = queryJobRequest(body);
    const { store } = deps;
    const described = store.describeQuery(request.query, { access, allRows: request.operation === 'queryAll' });
    requireBulkQuery(described);
    const now = deps.clock.now();
    const { max } = state.queryJobs;
    if (!state.queryJobs.take(now))
      throw apiError('LIMIT_EXCEEDED', `Max bulk v2 query jobs (${max}) per 24 hrs has been reached (${max})`);
    const job = inTransaction(store, () => {
      removeExpiredJobs(store, now);
      const made: QueryJob = {
        ...request,
        id: newJobId(store),
        object: described.object,
        createdById: userId,
        createdAt: now,
        changedAt: now,
        state: 'UploadComplete',
        version,
        records: 0,
        processingTime: 0,
        header: null,
        errorMessage: null,
      };
      QUERY_JOBS.put(store, made);
      return made;
    });
    return { status: 200, body: jobSummary(job) };
  },
};

/** GET /jobs/query: the query jobs that the caller may ask for, 1,000 at a time. */
export const listQueryJobs: Operation = {
  method: 'GET',
  path: '/jobs/query',
  run: (call) => ({
    status: 200,
    body: listOf(call, { jobs: QUERY_JOBS, type: 'V2Query', path: '/jobs/query', show: listedJob }),
  }),
};

/** GET /jobs/query/750…: how a query job goes. */
export const getQueryJob: Operation = {
  method: 'GET',
  path: '/jobs/query/:id',
  run: (call) => ({ status: 200, body: jobInfo(advance(call.deps, namedJob(call, QUERY_JOBS))) }),
};

/** GET /jobs/query/750…/results?locator=MTAwMDA&maxRecords=5000: a set of a job's results, as CSV. */
export const getQueryJobResults: Operation = {
  method: 'GET',
  path: '/jobs/query/:id/results',
  run(call) {
    const job = advance(call.deps, ownJob(call));
    if (job.version !== call.version) throw otherVersion(job.version);
    if (job.state !== 'JobComplete')
      throw apiError('INVALIDJOBSTATE', `Results are there when the job is JobComplete; it is ${job.state}`);
    const { start, end } = resultPage(job, call.query);
    return {
      status: 200,
      headers: {
        'content-type': 'text/csv',
        'sforce-locator': end < job.records ? locatorOf(end) : 'null',
        'sforce-numberofrecords': String(end - start),
      },
      text: job.header + resultLines(call.deps.store, job, start, end).join(''),
    };
  },
};

/** Bulk API 2.0 Developer Guide, "Get Results for a Query Job": another version is 409. */
const otherVersion = (version: string): ApiError =>
  new ApiError(409, [
    { errorCode: 'API_ERROR', message: `The job was created with API version ${version}: ask for its results with it` },
  ]);

/** As Salesforce words them. */
const NAMES = { JobComplete: 'Completed', Failed: 'Failed', Aborted: 'Aborted', UploadComplete: '', InProgress: '' };

/** PATCH /jobs/query/750… {"state": "Aborted"}: the job will not run. */
export const abortQueryJob: Operation = {
  method: 'PATCH',
  path: '/jobs/query/:id',
  run(call) {
    requireAbort(call.body);
    const job = namedJob(call, QUERY_JOBS);
    if (hasEnded(job)) throw apiError('INVALIDJOBSTATE', `Aborting already ${NAMES[job.state]} Job not allowed`);
    const { store, clock } = call.deps;
    const aborted: QueryJob = { ...job, state: 'Aborted', changedAt: clock.now() };
    inTransaction(store, () => QUERY_JOBS.put(store, aborted));
    return { status: 200, body: jobSummary(aborted) };
  },
};

/** DELETE /jobs/query/750…: takes an ended job away, its results too. */
export const deleteQueryJob: Operation = {
  method: 'DELETE',
  path: '/jobs/query/:id',
  run(call) {
    const job = namedJob(call, QUERY_JOBS);
    if (!hasEnded(job))
      throw apiError('API_ERROR', 'Error encountered when deleting the job because the job is not terminated');
    const { store } = call.deps;
    inTransaction(store, () => removeJob(store, job));
    return { status: 204 };
  },
};
