/** What the org serves, and how much of it is left. */
import type { Operation } from '../call.ts';
import type { ApiUsage } from '../state.ts';

const RESOURCES = ['composite', 'jobs', 'limits', 'metadata', 'process', 'query', 'queryAll', 'sobjects', 'tooling'];

/** GET /services/data/v67.0: where the resources are. */
export const resources: Operation = {
  method: 'GET',
  path: '/',
  run: (call) => ({
    status: 200,
    body: {
      ...Object.fromEntries(RESOURCES.map((name) => [name, `${call.base}/${name}`])),
      identity: `${call.origin}/id/${call.deps.info.orgId}/${call.userId}`,
    },
  }),
};

/** GET /limits: the allocations that the local org counts. */
export const limits: Operation = {
  method: 'GET',
  path: '/limits',
  run({ state: { usage, queryJobs, bulkBatches }, deps }) {
    const left = (allocation: ApiUsage): { Max: number; Remaining: number } => ({
      Max: allocation.max,
      Remaining: allocation.max - allocation.used(deps.clock.now()),
    });
    return {
      status: 200,
      body: {
        DailyApiRequests: left(usage),
        DailyBulkApiBatches: left(bulkBatches),
        DailyBulkV2QueryJobs: left(queryJobs),
      },
    };
  },
};
