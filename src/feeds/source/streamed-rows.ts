/** Rows that a driver pushes, taken batch by batch: while nobody asks, the driver is paused, and at most one batch waits. */
import { SourceError } from './types.ts';

interface Flow {
  pause(): void;
  resume(): void;
}

export class StreamedRows {
  readonly #size: number;
  readonly #flow: Flow;
  #waiting: unknown[][] = [];
  #error: Error | null = null;
  #isOver = false;
  #told: () => void = () => {};
  #over: () => void = () => {};
  /** Resolves when the query is over, however it ended. */
  readonly ended = new Promise<void>((resolve) => (this.#over = resolve));

  /** `size`: rows of a batch. */
  constructor(size: number, flow: Flow) {
    this.#size = size;
    this.#flow = flow;
  }

  add(row: unknown[]): void {
    this.#waiting.push(row);
    if (this.#waiting.length < this.#size) return;
    this.#flow.pause();
    this.#told();
  }

  /** The query is over; `error`: what it failed with. */
  end(error: Error | null): void {
    this.#error = error;
    this.#isOver = true;
    this.#told();
    this.#over();
  }

  /**
   * The next batch; empty: there are no more. Rejects with the query's error, with the signal's reason, and with SourceError
   * `TOO_SLOW` when the batch is not there after `timeoutMs` milliseconds.
   */
  async next(timeoutMs: number, signal?: AbortSignal): Promise<unknown[][]> {
    signal?.throwIfAborted();
    if (this.#waiting.length < this.#size && !this.#isOver) {
      this.#flow.resume();
      await this.#wait(timeoutMs, signal);
    }
    if (this.#error) throw this.#error;
    return this.#waiting.splice(0, this.#size);
  }

  #wait(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', stop);
        this.#told = () => {};
      };
      const stop = (): void => {
        done();
        reject(signal!.reason as Error);
      };
      const timer = setTimeout(() => {
        done();
        const words = `gave no ${this.#size} rows within ${timeoutMs} ms; make the view faster, or raise timeoutMs`;
        reject(new SourceError('TOO_SLOW', words, true));
      }, timeoutMs);
      signal?.addEventListener('abort', stop, { once: true });
      this.#told = () => {
        done();
        resolve();
      };
    });
  }
}
