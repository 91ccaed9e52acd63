import type { Clock } from 'kernel/clock.ts';

/** Lets one side end the other's sleep. A wake-up while nobody sleeps is kept for the next sleep. */
export class Waker {
  #woken = false;
  #wake: (() => void) | null = null;

  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  /** Sleeps `ms` of the clock, until woken, or until the signal is aborted; never rejects. */
  async sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#woken && !signal.aborted) {
      const over = new AbortController();
      const stop = (): void => over.abort();
      this.#wake = stop;
      signal.addEventListener('abort', stop, { once: true });
      await clock.sleep(ms, over.signal).catch(() => {});
      signal.removeEventListener('abort', stop);
      this.#wake = null;
    }
    this.#woken = false;
  }
}

export interface LoopOptions {
  clock: Clock;
  /** One piece of work; true when it did something and should be asked again at once. */
  pass: () => Promise<boolean>;
  /** How long there will be nothing to do, at most. */
  idleMs: () => Promise<number>;
  waker: Waker;
  /** Told of what escapes a pass: a bug, or the database. The loop goes on after a pause. */
  onError: (error: unknown) => void;
  errorPauseMs: number;
}

/** Runs passes until the signal is aborted. */
export const runLoop = async (options: LoopOptions, signal: AbortSignal): Promise<void> => {
  const { clock, pass, idleMs, waker, onError, errorPauseMs } = options;
  while (!signal.aborted) {
    try {
      if (await pass()) continue;
      await waker.sleep(clock, await idleMs(), signal);
    } catch (error) {
      onError(error);
      await waker.sleep(clock, errorPauseMs, signal);
    }
  }
};
