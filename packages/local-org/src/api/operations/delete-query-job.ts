/** DELETE /jobs/query/750…: takes an ended job away, its results too. */
import { hasEnded } from '../bulk/query-job.ts';
import { removeJob } from '../bulk/query-jobs.ts';
import type { Operation } from '../call.ts';
import { apiError } from '../errors.ts';
import { inTransaction } from '../in-transaction.ts';
import { namedJob } from '../validations/query-job.ts';

export const deleteQueryJob: Operation = {
  method: 'DELETE',
  path: '/jobs/query/:id',
  run(call) {
    const job = namedJob(call);
    if (!hasEnded(job))
      throw apiError('API_ERROR', 'Error encountered when deleting the job because the job is not terminated');
    const { store } = call.deps;
    inTransaction(store, () => removeJob(store, job));
    return { status: 204 };
  },
};
