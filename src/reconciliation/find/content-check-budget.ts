import { BudgetSpent, type SalesforceClient } from '../../shared/salesforce/client.ts';

/** Share of the org's daily API requests that the content check may use: everything else in the org comes first. */
export const CONTENT_CHECK_SHARE = 0.01;
/** Calls that a large slice takes at least, with some looks at its job. */
const LEAST_CALLS = 20;
/** App Limits Cheatsheet, API requests in 24 hours of the smallest org (Developer Edition): when the org does not tell its own. */
const SMALLEST_ALLOCATION = 15_000;

export interface ContentCheckBudget {
  /** API calls that content checks may make in 24 hours, however many runs there are. */
  calls: number;
  /** The org's API requests in 24 hours; null when the user may not read the org's limits. */
  allocation: number | null;
}

/** What the content check may cost, from what the org says it has. One API call. */
export const readContentCheckBudget = async (client: SalesforceClient): Promise<ContentCheckBudget> => {
  const allocation = await client
    .get<{ DailyApiRequests?: { Max: number } }>('/limits')
    .then((limits) => limits.DailyApiRequests?.Max ?? null)
    .catch((error: unknown) => {
      if (error instanceof BudgetSpent) throw error;
      return null;
    });
  const calls = Math.floor((allocation ?? SMALLEST_ALLOCATION) * CONTENT_CHECK_SHARE);
  return { calls: Math.max(LEAST_CALLS, calls), allocation };
};
