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
