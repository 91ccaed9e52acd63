/** GET /jobs/query/750…: how a query job goes. */
import { advance } from '../bulk/carry-out.ts';
import { jobInfo } from '../bulk/query-job.ts';
import type { Operation } from '../call.ts';
import { namedJob } from '../validations/query-job.ts';

export const getQueryJob: Operation = {
  method: 'GET',
  path: '/jobs/query/:id',
  run: (call) => ({ status: 200, body: jobInfo(advance(call.deps, namedJob(call))) }),
};
