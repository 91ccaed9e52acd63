/** GET /limits: the allocations that the local org counts. */
import type { Operation } from '../call.ts';
import type { ApiUsage } from '../usage.ts';

export const limits: Operation = {
  method: 'GET',
  path: '/limits',
  run({ state: { usage, queryJobs }, deps }) {
    const left = (allocation: ApiUsage): { Max: number; Remaining: number } => ({
      Max: allocation.max,
      Remaining: allocation.max - allocation.used(deps.clock.now()),
    });
    return { status: 200, body: { DailyApiRequests: left(usage), DailyBulkV2QueryJobs: left(queryJobs) } };
  },
};
