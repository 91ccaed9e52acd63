/**
 * Time as a dependency. Every part takes a Clock; nothing reads Date.now() or sets a
 * timer by itself, so a simulation or a demonstration can move time.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves when `ms` of this clock's time have passed, or rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

interface Sleeper {
  due: number;
  order: number;
  wake: () => void;
}

/**
 * A clock that stands still until told to move: `advance` wakes sleepers in due order, letting
 * each one's continuations run before time moves on to the next.
 */
export class ManualClock implements Clock {
  #now: number;
  #order = 0;
  #sleepers: Sleeper[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const sleeper: Sleeper = { due: this.#now + Math.max(0, ms), order: this.#order++, wake: () => done() };
      const onAbort = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal!.reason as Error);
      };
      const done = (): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#sleepers.push(sleeper);
    });
  }

  /** When the next sleeper is due, in epoch milliseconds, or null when nobody sleeps. */
  nextDue(): number | null {
    return this.#sleepers.reduce<number | null>((min, s) => (min === null || s.due < min ? s.due : min), null);
  }

  /** Moves time forward by `ms`, waking each sleeper at its own moment. */
  async advance(ms: number): Promise<void> {
    const target = this.#now + ms;
    for (;;) {
      const next = this.#sleepers.filter((s) => s.due <= target).sort((a, b) => a.due - b.due || a.order - b.order)[0];
      if (!next) break;
      this.#sleepers.splice(this.#sleepers.indexOf(next), 1);
      this.#now = Math.max(this.#now, next.due);
      next.wake();
      await settle();
    }
    // what was woken may have moved it on by itself
    this.#now = Math.max(this.#now, target);
    await settle();
  }
}

/** Lets every promise continuation that is ready run, in both the micro- and the macrotask queue. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Real time plus an offset that `shift` can raise: what the services run on. A shift wakes the
 * sleepers that it makes due, so a demonstration can skip an hour without waiting for it.
 */
export class ShiftableClock implements Clock {
  #offset: number;
  #wakers = new Set<() => void>();

  constructor(offset = 0) {
    this.#offset = offset;
  }

  get offset(): number {
    return this.#offset;
  }

  now(): number {
    return Date.now() + this.#offset;
  }

  shift(ms: number): void {
    this.#offset += ms;
    for (const wake of [...this.#wakers]) wake();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const due = this.now() + Math.max(0, ms);
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      let timer: NodeJS.Timeout;
      const finish = (settleIt: () => void): void => {
        clearTimeout(timer);
        this.#wakers.delete(check);
        signal?.removeEventListener('abort', onAbort);
        settleIt();
      };
      const onAbort = (): void => finish(() => reject(signal!.reason as Error));
      const check = (): void => {
        clearTimeout(timer);
        const left = due - this.now();
        if (left <= 0) return finish(resolve);
        timer = setTimeout(check, Math.min(left, 2 ** 31 - 1));
      };
      this.#wakers.add(check);
      signal?.addEventListener('abort', onAbort, { once: true });
      check();
    });
  }
}
