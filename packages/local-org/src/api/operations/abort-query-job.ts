/** PATCH /jobs/query/750… {"state": "Aborted"}: the job will not run. */
import { hasEnded, jobSummary, type QueryJob } from '../bulk/query-job.ts';
import { putJob } from '../bulk/query-jobs.ts';
import type { Operation } from '../call.ts';
import { apiError } from '../errors.ts';
import { inTransaction } from '../in-transaction.ts';
import { requireAbort } from '../validations/query-job-request.ts';
import { namedJob } from '../validations/query-job.ts';

/** As Salesforce words them. */
const NAMES = { JobComplete: 'Completed', Failed: 'Failed', Aborted: 'Aborted', UploadComplete: '', InProgress: '' };

export const abortQueryJob: Operation = {
  method: 'PATCH',
  path: '/jobs/query/:id',
  run(call) {
    requireAbort(call.body);
    const job = namedJob(call);
    if (hasEnded(job)) throw apiError('INVALIDJOBSTATE', `Aborting already ${NAMES[job.state]} Job not allowed`);
    const { store, clock } = call.deps;
    const aborted: QueryJob = { ...job, state: 'Aborted', changedAt: clock.now() };
    inTransaction(store, () => putJob(store, aborted));
    return { status: 200, body: jobSummary(aborted) };
  },
};
