/** So many in a row, once none was taken for a while: two minutes of Cases that come all the time. */
const AT_ONCE = 600;
const DAY_MS = 24 * 60 * 60_000;

/**
 * The sweeps that come sooner than they have to, so that a Case does not wait while Cases come all the time. Each is an API
 * call of an org that others use too, so a day has so many of them, and no more than a few minutes of them at once: people
 * who save Cases one by one are served at once, a load that lasts all day is carried with fewer calls, and later.
 */
export class EagerLooks {
  readonly #perMs: number;
  readonly #most: number;
  #left: number;
  #at = -Infinity;

  constructor(perDay: number) {
    this.#perMs = perDay / DAY_MS;
    this.#most = Math.min(AT_ONCE, perDay);
    this.#left = this.#most;
  }

  /** Takes one, if one is left. `now` in epoch milliseconds; a clock that falls gives nothing and takes nothing. */
  take(now: number): boolean {
    const since = Number.isFinite(this.#at) ? Math.max(0, now - this.#at) : 0;
    this.#at = now;
    this.#left = Math.min(this.#most, this.#left + since * this.#perMs);
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
