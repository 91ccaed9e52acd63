/** Statuses that speak of the target, not of the request: timeouts, limits, gateways, outages. */
export const isOutage = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || status >= 500;
