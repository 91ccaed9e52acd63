/** GET /limits: the allocations that the local org counts. */
import type { Operation } from '../call.ts';

export const limits: Operation = {
  method: 'GET',
  path: '/limits',
  run({ state: { usage }, deps }) {
    const remaining = usage.max - usage.used(deps.clock.now());
    return { status: 200, body: { DailyApiRequests: { Max: usage.max, Remaining: remaining } } };
  },
};
