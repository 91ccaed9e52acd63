/** Milliseconds until the record is first read again, and at most between two reads. */
const FIRST = 5_000;
const LONGEST = 60_000;

/**
 * Repeats a read while something is awaited: what an integration saves, nobody on this page saves, so Lightning Data
 * Service would not notice. The waits double: what is late may take long. Nothing is read while nobody sees the page;
 * once it is seen again, it is read at once.
 */
export class Watch {
  private timer?: ReturnType<typeof setTimeout>;
  private wait = FIRST;

  /** `isShown`: whether the component is seen, on a page that is. */
  constructor(
    private readonly read: () => Promise<unknown>,
    private readonly isShown: () => boolean = () => true,
  ) {}

  /** Begins when something is awaited and nothing is watched yet; ends when nothing is awaited. */
  update(isAwaited: boolean): void {
    if (!isAwaited) this.stop();
    else if (this.timer === undefined) {
      document.addEventListener('visibilitychange', this.pageTurned);
      this.schedule();
    }
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.pageTurned);
    clearTimeout(this.timer);
    this.timer = undefined;
    this.wait = FIRST;
  }

  private readonly pageTurned = (): void => {
    if (document.visibilityState === 'hidden') return;
    clearTimeout(this.timer);
    this.wait = FIRST;
    this.look();
  };

  private schedule(): void {
    // eslint-disable-next-line @lwc/lwc/no-async-operation -- it ends with the state, and with the component
    this.timer = setTimeout(() => {
      this.wait = Math.min(2 * this.wait, LONGEST);
      this.look();
    }, this.wait);
  }

  private look(): void {
    this.schedule();
    // a read that fails is repeated with the next
    if (document.visibilityState !== 'hidden' && this.isShown()) this.read().catch(() => undefined);
  }
}
