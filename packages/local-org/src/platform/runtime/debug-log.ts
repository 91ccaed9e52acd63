/** Characters. Page: "Debug Log Limits": each debug log must be 20 MB or smaller. */
const MAX_SIZE = 20_000_000;

/** The debug log of one transaction, in the platform's format: `07:49:00.0 (0)|USER_DEBUG|[3]|DEBUG|text`. */
export class DebugLog {
  readonly #lines: string[] = [];
  readonly #now: () => number;
  readonly #start: number;
  #size = 0;
  #full = false;

  constructor(now: () => number) {
    this.#now = now;
    this.#start = now();
  }

  /** A line of System.debug. `line` is the Apex line it stands on. */
  debug(level: string, text: string, line: number): void {
    this.event('USER_DEBUG', `[${line}]`, level, text);
  }

  event(name: string, ...details: string[]): void {
    const at = this.#now();
    const time = new Date(at).toISOString().slice(11, 21);
    const nanoseconds = (at - this.#start) * 1_000_000;
    const line = [`${time} (${nanoseconds})`, name, ...details].join('|');
    this.#size += line.length + 1;
    if (this.#size <= MAX_SIZE) this.#lines.push(line);
    else if (!this.#full) {
      this.#full = true;
      this.#lines.push('*********** MAXIMUM DEBUG LOG SIZE REACHED ***********');
    }
  }

  text(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }
}
