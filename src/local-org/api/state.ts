/** What the API remembers between requests, in memory: it starts empty with each start of the org. */
import { QueryCursors } from './query-cursors.ts';
import { ApiUsage } from './usage.ts';

export interface ApiState {
  usage: ApiUsage;
  cursors: QueryCursors;
}

export const DEFAULT_DAILY_API_REQUESTS = 15_000;

export const createApiState = (dailyApiRequests = DEFAULT_DAILY_API_REQUESTS): ApiState => ({
  usage: new ApiUsage(dailyApiRequests),
  cursors: new QueryCursors(),
});
