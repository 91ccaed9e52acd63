/**
 * Whether events are listened to. An org that polls only publishes none; its administrators have decided that deliveries
 * are for others, so no connection is held either. Learned by each sweep.
 */
export class Listening {
  #wanted = true;
  /** Ends what listens, or the pause before it listens again. */
  #turn = new AbortController();

  get isWanted(): boolean {
    return this.#wanted;
  }

  want(wanted: boolean): void {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    const ended = this.#turn;
    this.#turn = new AbortController();
    ended.abort();
  }

  /** Runs `listen` for as long as events are wanted, again and again, until the signal is aborted. */
  async during(signal: AbortSignal, listen: (signal: AbortSignal) => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      const either = AbortSignal.any([signal, this.#turn.signal]);
      if (this.#wanted) await listen(either);
      else await aborted(either);
    }
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
