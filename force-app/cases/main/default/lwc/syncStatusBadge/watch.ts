/** Milliseconds until the record is first read again, and at most between two reads. */
const FIRST = 5_000;
const LONGEST = 60_000;

/**
 * Repeats a read while something is awaited: what the sync saves, nobody on this page saves, so Lightning Data
 * Service would not notice. The waits double: an answer that is late may take long.
 */
export class Watch {
  private timer?: ReturnType<typeof setTimeout>;
  private wait = FIRST;

  constructor(private readonly read: () => Promise<unknown>) {}

  /** Begins when something is awaited and nothing is watched yet; ends when nothing is awaited. */
  update(isAwaited: boolean): void {
    if (!isAwaited) this.stop();
    else if (this.timer === undefined) this.schedule();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.wait = FIRST;
  }

  private schedule(): void {
    // eslint-disable-next-line @lwc/lwc/no-async-operation -- it ends with the state, and with the component
    this.timer = setTimeout(() => {
      this.wait = Math.min(2 * this.wait, LONGEST);
      this.schedule();
      // a read that fails is repeated with the next
      this.read().catch(() => undefined);
    }, this.wait);
  }
}
