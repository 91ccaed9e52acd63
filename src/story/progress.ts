import pc from 'picocolors';

/** Live progress: one line that is drawn over itself on a terminal, plain lines elsewhere. */
export class Progress {
  #stream: NodeJS.WriteStream;
  #open = false;
  #last = '';

  constructor(stream: NodeJS.WriteStream = process.stdout) {
    this.#stream = stream;
  }

  /** Something that happened: stays on the screen. */
  say(text: string): void {
    this.#close();
    this.#stream.write(`${pc.cyan('•')} ${text}\n`);
  }

  /** Where things stand now: replaced by the next one on a terminal, left out elsewhere. */
  show(text: string): void {
    if (!this.#stream.isTTY || text === this.#last) return;
    this.#last = text;
    this.#open = true;
    this.#stream.write(`\r\u001b[K  ${text}`);
  }

  #close(): void {
    if (this.#open) this.#stream.write('\n');
    this.#open = false;
  }
}
