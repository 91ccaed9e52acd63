import type { Clock } from 'kernel/clock.ts';

/** One machine's clock: it runs with the world's, so far ahead of it or behind. */
export class SkewedClock implements Clock {
  offset = 0;
  readonly #world: Clock;

  constructor(world: Clock) {
    this.#world = world;
  }

  now(): number {
    return this.#world.now() + this.offset;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#world.sleep(ms, signal);
  }
}
