import { DatabaseUnavailable } from './errors.ts';

/**
 * Bounds the wait for statements whose connection may have been lost in silence: no packet says so, and a slow
 * statement looks the same. So when a statement is overdue, `probe` asks over a new connection whether the database is
 * there (one probe for all that wait); while it is, a slow statement may go on until its own limit.
 */
export class Silence {
  #overdueMs: number;
  #probe: () => Promise<void>;
  #probing: Promise<void> | null = null;

  constructor(overdueMs: number, probe: () => Promise<void>) {
    this.#overdueMs = overdueMs;
    this.#probe = probe;
  }

  /** The statement's outcome, or DatabaseUnavailable: then its connection is of no use any more. */
  bound<T>(statement: Promise<T>, limitMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      let over = false;
      let timer: NodeJS.Timeout;
      let left = limitMs;
      const end = (): void => {
        over = true;
        clearTimeout(timer);
      };
      const giveUp = (why: string): void => {
        end();
        reject(new DatabaseUnavailable(why));
      };
      const wait = (): void => {
        if (over) return;
        if (left <= 0) return giveUp(`the database gave no answer within ${limitMs} ms`);
        const pause = Math.min(this.#overdueMs, left);
        left -= pause;
        timer = setTimeout(() => {
          this.#ask().then(wait, (error: Error) => giveUp(`the database fell silent: ${error.message}`));
        }, pause);
      };
      statement.then(resolve, reject).finally(end);
      wait();
    });
  }

  #ask(): Promise<void> {
    this.#probing ??= this.#probe().finally(() => (this.#probing = null));
    return this.#probing;
  }
}
