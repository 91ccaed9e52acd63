/** POST /jobs/query: a Bulk API 2.0 query job. It is checked now and run later; see bulk/carry-out.ts. */
import { jobSummary, type QueryJob } from '../bulk/query-job.ts';
import { newJobId, putJob, removeExpiredJobs } from '../bulk/query-jobs.ts';
import type { Operation } from '../call.ts';
import { apiError } from '../errors.ts';
import { inTransaction } from '../in-transaction.ts';
import { requireBulkQuery } from '../validations/bulk-query.ts';
import { queryJobRequest } from '../validations/query-job-request.ts';

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
      putJob(store, made);
      return made;
    });
    return { status: 200, body: jobSummary(job) };
  },
};
