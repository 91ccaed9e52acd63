/** Runs the org's due work by itself: sleeps until something is due, or until it is woken. */
import type { Clock } from 'kernel/clock.ts';

export interface DueOrg {
  /** Runs one unit of due work; false when nothing is due. */
  runNext(): boolean;
  nextDue(): number | null;
}

export interface DueLoop {
  /** Something may have become due. */
  wake(): void;
  stop(): Promise<void>;
}

/** Milliseconds between looks when nothing is in sight. */
const IDLE_MS = 60_000;

/** Requests that arrive between two units are served first: a long queue must not starve the API. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const startDueLoop = (org: DueOrg, clock: Clock, onError: (error: unknown) => void): DueLoop => {
  let stopped = false;
  let waker = new AbortController();

  const wake = (): void => {
    waker.abort(WOKEN);
    waker = new AbortController();
  };

  const rest = async (): Promise<void> => {
    const due = org.nextDue();
    const { signal } = waker;
    try {
      await clock.sleep(due === null ? IDLE_MS : Math.max(0, due - clock.now()), signal);
    } catch (error) {
      if (error !== WOKEN) throw error;
    }
  };

  const loop = async (): Promise<void> => {
    while (!stopped) {
      try {
        while (!stopped && org.runNext()) await breathe();
      } catch (error) {
        onError(error);
        // The same work may fail again at once: let the API live meanwhile.
        await breathe();
      }
      if (!stopped) await rest();
    }
  };

  const running = loop();
  return {
    wake,
    stop: async () => {
      stopped = true;
      wake();
      await running;
    },
  };
};

const WOKEN = new Error('woken');
