/** Share of differing records above which nothing is repaired automatically: then something larger is wrong than single losses. */
export const BREAKER_SHARE = 0.005;
/** Below this many discrepancies the share says nothing. */
export const BREAKER_LEAST = 20;

/** Whether the circuit breaker stops automatic repair; a person closes it. */
export const trips = (discrepancies: number, records: number, share = BREAKER_SHARE, least = BREAKER_LEAST): boolean =>
  discrepancies >= least && discrepancies > records * share;
