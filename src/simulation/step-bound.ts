import type { Clock } from 'kernel/clock.ts';

/** Twelve seeds that were watched took less than a fifth of it. */
const MAX_AT_ONCE = 10_000;

/** Counts the steps that a process takes while time stands still: one that takes ever more would keep its world from ever ending. */
export class StepBound {
  readonly #clock: Clock;
  readonly #most: number;
  #at = Number.NaN;
  #steps = 0;

  /** `most`: steps at one moment of the clock. */
  constructor(clock: Clock, most = MAX_AT_ONCE) {
    this.#clock = clock;
    this.#most = most;
  }

  /** What it says of a process that went beyond it; null: it rests. */
  get broken(): string | null {
    return this.#steps > this.#most ? `it never rests: ${this.#most} steps, and no time has passed` : null;
  }

  /** One step more. Once broken it stays so. */
  pass(): void {
    if (this.broken !== null) return;
    const now = this.#clock.now();
    this.#steps = now === this.#at ? this.#steps + 1 : 1;
    this.#at = now;
  }
}
