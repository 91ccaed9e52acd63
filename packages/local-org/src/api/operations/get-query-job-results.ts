/** GET /jobs/query/750…/results?locator=MTAwMDA&maxRecords=5000: a set of a job's results, as CSV. */
import { advance } from '../bulk/carry-out.ts';
import { resultLines } from '../bulk/query-jobs.ts';
import type { Operation } from '../call.ts';
import { ApiError, apiError } from '../errors.ts';
import { ownJob } from '../validations/query-job.ts';
import { locatorOf, resultPage } from '../validations/result-page.ts';

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
