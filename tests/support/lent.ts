/** How long what nobody has any more is kept for whoever comes next. */
const KEPT_MS = 500;

/**
 * Something that takes long to open, and that the test files of a process have one after the other. It is closed a moment
 * after the last of them gave it back: an embedded database that stays open would keep its process alive for ever.
 */
export class Lent<T extends { close: () => Promise<unknown> }> {
  readonly #open: () => Promise<T>;
  #opened: Promise<T> | null = null;
  #borrowers = 0;

  constructor(open: () => Promise<T>) {
    this.#open = open;
  }

  /** `isNew`: nobody had it before. */
  async borrow(): Promise<{ thing: T; isNew: boolean; giveBack: () => void }> {
    this.#borrowers++;
    const isNew = this.#opened === null;
    this.#opened ??= this.#open();
    return { thing: await this.#opened, isNew, giveBack: () => this.#giveBack() };
  }

  #giveBack(): void {
    this.#borrowers--;
    // what is lent keeps the process alive, the timer need not
    setTimeout(() => void this.#closeUnused(), KEPT_MS).unref();
  }

  async #closeUnused(): Promise<void> {
    const opened = this.#opened;
    if (this.#borrowers > 0 || opened === null) return;
    this.#opened = null;
    await (await opened).close();
  }
}
