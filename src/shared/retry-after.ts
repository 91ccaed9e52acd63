import type { HttpResponse } from 'kernel/http.ts';

/** `Retry-After` in milliseconds: seconds, or a date. Undefined when absent or unreadable. */
export const retryAfter = (response: HttpResponse, now: number): number | undefined => {
  const value = response.headers['retry-after'];
  if (!value) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
};
