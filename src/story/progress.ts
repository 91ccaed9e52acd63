import pc from 'picocolors';

/**
 * Live progress: one line that is drawn over itself on a terminal, plain lines elsewhere. Once nobody reads it any more
 * (`npm start | head`) it throws: who tells goes on for nobody.
 */
export class Progress {
  /** Resolves when nobody reads what is written any more. */
  readonly unread: Promise<void>;
  #stream: NodeJS.WriteStream;
  #isUnread = false;
  #open = false;
  #last = '';

  constructor(stream: NodeJS.WriteStream = process.stdout) {
    this.#stream = stream;
    this.unread = new Promise((resolve) => {
      stream.on('error', () => {
        this.#isUnread = true;
        resolve();
      });
    });
  }

  /** Something that happened: stays on the screen. */
  say(text: string): void {
    this.#mustBeRead();
    this.#close();
    this.#stream.write(`${pc.cyan('•')} ${text}\n`);
  }

  /** Where things stand now: replaced by the next one on a terminal, left out elsewhere. */
  show(text: string): void {
    this.#mustBeRead();
    if (!this.#stream.isTTY || text === this.#last) return;
    this.#last = text;
    this.#open = true;
    this.#stream.write(`\r\u001b[K  ${text}`);
  }

  #mustBeRead(): void {
    if (this.#isUnread) throw new Error('nobody reads the output any more: everything was stopped');
  }

  #close(): void {
    if (this.#open) this.#stream.write('\n');
    this.#open = false;
  }
}
