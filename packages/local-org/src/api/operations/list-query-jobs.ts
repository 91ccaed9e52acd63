/** GET /jobs/query: the query jobs that the caller may ask for, 1,000 at a time. */
import { listedJob } from '../bulk/query-job.ts';
import { allJobs } from '../bulk/query-jobs.ts';
import type { Operation } from '../call.ts';
import { jobFilter } from '../validations/job-filter.ts';
import { hasUserPermission } from '../validations/user-permission.ts';

/** Bulk API 2.0 Developer Guide, "Get Information About All Query Jobs". */
const JOBS_A_PAGE = 1_000;

export const listQueryJobs: Operation = {
  method: 'GET',
  path: '/jobs/query',
  run({ deps, userId, query, base }) {
    const { after, none } = jobFilter(query);
    const all = none ? [] : allJobs(deps.store, deps.clock.now());
    const sees = hasUserPermission(deps.store, userId, 'ModifyAllData');
    // Ids sort by their creation: a list goes on behind the last one it told.
    const rest = all.filter(({ id, createdById }) => (sees || createdById === userId) && id > after);
    const page = rest.slice(0, JOBS_A_PAGE);
    const done = page.length === rest.length;
    const next = new URLSearchParams(query);
    if (!done) next.set('queryLocator', Buffer.from(page.at(-1)!.id).toString('base64url'));
    return {
      status: 200,
      body: {
        done,
        records: page.map(listedJob),
        nextRecordsUrl: done ? null : `${base}/jobs/query?${next.toString()}`,
      },
    };
  },
};
