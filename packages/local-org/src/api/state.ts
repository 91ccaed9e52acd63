/** What the API remembers between requests, in memory: it starts empty with each start of the org. */
import { QueryCursors } from './query-cursors.ts';
import { ApiUsage } from './usage.ts';

export interface ApiState {
  usage: ApiUsage;
  /** Bulk API 2.0 query jobs that were created. */
  queryJobs: ApiUsage;
  cursors: QueryCursors;
}

export const DEFAULT_DAILY_API_REQUESTS = 15_000;

/** Bulk API and Bulk API 2.0 Limits and Allocations, query jobs in 24 hours. */
export const DAILY_QUERY_JOBS = 10_000;

export const createApiState = (dailyApiRequests = DEFAULT_DAILY_API_REQUESTS): ApiState => ({
  usage: new ApiUsage(dailyApiRequests),
  queryJobs: new ApiUsage(DAILY_QUERY_JOBS),
  cursors: new QueryCursors(),
});
