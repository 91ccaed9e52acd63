/** What the API remembers between requests, in memory: it starts empty with each start of the org. */
import { QueryCursors } from './query-cursors.ts';

/**
 * Counts requests against a daily allocation, over the last 24 hours.
 * App Limits Cheatsheet, "API Request Limits and Allocations": the window rolls; hours are precise enough.
 */
const HOUR = 3_600_000;
const WINDOW_HOURS = 24;

export class ApiUsage {
  readonly max: number;
  #hours = new Map<number, number>();

  constructor(max: number) {
    this.max = max;
  }

  /** Counts one request, unless the allocation is used up: then answers false. */
  take(now: number): boolean {
    if (this.used(now) >= this.max) return false;
    const hour = Math.floor(now / HOUR);
    this.#hours.set(hour, (this.#hours.get(hour) ?? 0) + 1);
    return true;
  }

  used(now: number): number {
    const oldest = Math.floor(now / HOUR) - WINDOW_HOURS;
    let sum = 0;
    for (const [hour, count] of this.#hours) {
      if (hour <= oldest) this.#hours.delete(hour);
      else sum += count;
    }
    return sum;
  }
}

/** What the API remembers between requests, in memory: it starts empty with each start of the org. */
export interface ApiState {
  usage: ApiUsage;
  /** Bulk API 2.0 query jobs that were created. */
  queryJobs: ApiUsage;
  /** Batches of ingest jobs that were begun. */
  bulkBatches: ApiUsage;
  cursors: QueryCursors;
}

export const DEFAULT_DAILY_API_REQUESTS = 15_000;

/** Bulk API and Bulk API 2.0 Limits and Allocations, query jobs in 24 hours. */
export const DAILY_QUERY_JOBS = 10_000;

/** Bulk API and Bulk API 2.0 Limits and Allocations, batches in 24 hours. */
export const DAILY_BULK_BATCHES = 15_000;

export const createApiState = (dailyApiRequests = DEFAULT_DAILY_API_REQUESTS): ApiState => ({
  usage: new ApiUsage(dailyApiRequests),
  queryJobs: new ApiUsage(DAILY_QUERY_JOBS),
  bulkBatches: new ApiUsage(DAILY_BULK_BATCHES),
  cursors: new QueryCursors(),
});
