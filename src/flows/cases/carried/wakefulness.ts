/** So many sweeps that events asked for within the window: Cases are being saved all the time. */
const BUSY = 3;
/** In milliseconds: what is watched, and for how long the org is told that no event is needed. */
export const WINDOW_MS = 10_000;
/** So many looks for each Case that is expected: a look is one API call, and half the pause between two is what a Case waits. */
const LOOKS_A_CASE = 4;
/** The least pause between two looks, in milliseconds: about what one exchange with an external system takes. */
const LEAST_GAP_MS = 200;

interface Found {
  at: number;
  /** How many messages the sweep queued. */
  count: number;
}

/**
 * Deliveries of platform events are an allowance of the whole org, and an event that comes while the middle layer is at
 * it anyway says nothing new. So while Cases are saved all the time, while pages are left to read, and while the external
 * system is away, the middle layer looks by itself, tells the org until when, and the org publishes no events. Nothing
 * depends on it: what is saved then is found by the sweeps that follow, until after the time that was told, and by the poll.
 */
export class Wakefulness {
  #woken: number[] = [];
  /** What the sweeps of the last window found; none that found nothing. */
  #found: Found[] = [];
  #until = -Infinity;
  #told = -Infinity;

  /** A sweep begins that an event asked for. */
  woken(now: number): void {
    this.#woken = [...this.#woken.filter((at) => at > now - WINDOW_MS && at <= now), now];
    if (this.#woken.length >= BUSY) this.#until = now + WINDOW_MS;
  }

  /** A sweep has ended: while it finds something, there is more to come. */
  swept(now: number, queued: number): void {
    this.#found = this.#found.filter(({ at }) => at > now - WINDOW_MS && at <= now);
    if (queued === 0) return;
    this.#found.push({ at: now, count: queued });
    if (now < this.#until) this.#until = now + WINDOW_MS;
  }

  /**
   * How long to rest until the next sweep that comes by itself, in milliseconds, at most `atMost`: a part of the time in
   * which a Case is to be expected, by how many came lately and how long ago the last one did. So a Case waits for a part of
   * what one exchange takes while many come, and a sweep that finds nothing costs less and less often.
   */
  gapMs(now: number, atMost: number): number {
    const last = this.#found.at(-1);
    if (!last) return atMost;
    const expected = Math.max(this.#betweenMs(last), now - last.at);
    return Math.min(atMost, Math.max(LEAST_GAP_MS, Math.round(expected / LOOKS_A_CASE)));
  }

  /** How far apart the Cases of the window came, in milliseconds. */
  #betweenMs(last: Found): number {
    const [first, ...others] = this.#found;
    const since = others.reduce((sum, { count }) => sum + count, 0);
    return since > 0 ? (last.at - first!.at) / since : WINDOW_MS / last.count;
  }

  /** Whether the next sweep must come by itself: no event may ask for it. What commits late is given time. */
  isAwake(now: number, gapMs: number): boolean {
    return now < Math.max(this.#until, this.#told + gapMs);
  }

  /**
   * Until when the sweep that begins now tells the org that no event is needed, or null: nothing new is to be told.
   * `busyMs`: for how long other things than events keep the middle layer at it, or 0.
   */
  due(now: number, busyMs: number): number | null {
    const until = Math.max(busyMs > 0 ? now + busyMs : -Infinity, now < this.#until ? this.#until : -Infinity);
    // told often enough that it does not run out between two sweeps
    return until > now && this.#told - now < (until - now) / 2 ? until : null;
  }

  /** The org has been told. */
  told(until: number): void {
    this.#told = until;
  }
}
