import { AsyncLocalStorage } from 'node:async_hooks';
import type { Random } from 'kernel/random.ts';

interface Task {
  hasEnded: boolean;
  isWaiting: boolean;
}

/**
 * Work of several processes at once. Wherever one of them pauses, one of all of them goes on, drawn, and the others stand still: so
 * every order of their steps can happen, and a seed decides which one does.
 */
export class Interleaving {
  readonly #random: Random;
  readonly #tasks = new AsyncLocalStorage<Task | null>();
  readonly #waiting: (() => void)[] = [];
  /** Of those that have begun, how many have not ended. */
  #open = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Does all of it; rejects with the first error once everything has ended. */
  async all(works: readonly (() => Promise<void>)[]): Promise<void> {
    this.#open = works.length;
    const ends = await Promise.allSettled(works.map((work) => this.#begin(work)));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  /** A step lies before this and after it: another may go on in between. Returns at once where nothing of `all` waits. */
  async pause(): Promise<void> {
    const task = this.#tasks.getStore();
    // what one task does side by side waits once: the rest of it is under way
    if (!task || task.hasEnded || task.isWaiting) return;
    await this.#turn(task);
  }

  /** Work that belongs to none of those at work, whoever asks for it: it never pauses. */
  aside<T>(work: () => Promise<T>): Promise<T> {
    return this.#tasks.run(null, work);
  }

  #begin(work: () => Promise<void>): Promise<void> {
    const task: Task = { hasEnded: false, isWaiting: false };
    return this.#tasks.run(task, async () => {
      await this.#turn(task);
      try {
        await work();
      } finally {
        task.hasEnded = true;
        this.#open -= 1;
        this.#goOn();
      }
    });
  }

  #turn(task: Task): Promise<void> {
    task.isWaiting = true;
    return new Promise((resolve) => {
      this.#waiting.push(() => {
        task.isWaiting = false;
        resolve();
      });
      if (this.#waiting.length === this.#open) this.#goOn();
    });
  }

  #goOn(): void {
    const [next] = this.#waiting.splice(Math.floor(this.#random.next() * this.#waiting.length), 1);
    next?.();
  }
}
