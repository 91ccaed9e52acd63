import type { Random } from 'kernel/random.ts';
import { pauseAfter, type Backoff } from '../../shared/backoff.ts';

/** Messages in one batch, at most. */
export const BATCH_LIMIT = 200;

export interface CircuitState {
  open: boolean;
  /** When the next probe may leave, or null when closed. */
  retryAt: number | null;
  /** The code of the last failure, or null when closed. */
  code: string | null;
}

/**
 * The breaker of one target. A failure of the target opens it for a growing, jittered pause; then a
 * single message probes; each success doubles what may be sent at once, back up to a full batch, so a
 * message that brings its target down meets ever smaller company.
 */
export class Circuit {
  #backoff: Backoff;
  #random: Random;
  #failures = 0;
  #retryAt: number | null = null;
  #failedAt = 0;
  #code: string | null = null;
  #allowance = BATCH_LIMIT;
  #era = 0;

  constructor(backoff: Backoff, random: Random) {
    this.#backoff = backoff;
    this.#random = random;
  }

  /** How many messages may be sent now; 0 while open. A failure of the future was seen by a clock that was ahead: it is over. */
  allowance(now: number): number {
    return this.opensAt(now) === null ? this.#allowance : 0;
  }

  /** Until when nothing may be sent, in epoch milliseconds, or null when it may be now. */
  opensAt(now: number): number | null {
    return this.#retryAt !== null && this.#failedAt <= now && now < this.#retryAt ? this.#retryAt : null;
  }

  /** Rises with each failure. Of several deliveries that were begun in one era, the first that fails speaks for all. */
  get era(): number {
    return this.#era;
  }

  /** The target failed as a whole, at a delivery that was begun in that era. */
  fail(now: number, code: string, retryAfterMs = 0, era = this.#era): void {
    if (era !== this.#era) return;
    this.#era += 1;
    this.#failures += 1;
    this.#code = code;
    this.#allowance = 1;
    this.#failedAt = now;
    this.#retryAt = now + Math.max(retryAfterMs, pauseAfter(this.#failures, this.#backoff, this.#random));
  }

  /** The target answered a delivery that was begun in that era. */
  succeed(era = this.#era): void {
    if (era !== this.#era) return;
    if (this.#failures > 0) {
      this.#failures = 0;
      this.#retryAt = null;
      this.#code = null;
    }
    this.#allowance = Math.min(BATCH_LIMIT, this.#allowance * 2);
  }

  get state(): CircuitState {
    return { open: this.#retryAt !== null, retryAt: this.#retryAt, code: this.#code };
  }
}
