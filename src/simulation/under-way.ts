import type { Transport } from 'kernel/http.ts';
import type { Database } from '../shared/sql/types.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What a process has asked of its surroundings and not been answered: while nothing is, it can only wait for time to pass. */
export class UnderWay {
  #count = 0;

  over(db: Database): Database {
    return {
      ...db,
      query: (text, parameters) => this.#counted(() => db.query(text, parameters)),
      transaction: (work) => this.#counted(() => db.transaction(work)),
      script: (text) => this.#counted(() => db.script(text)),
    };
  }

  overTransport(transport: Transport): Transport {
    return (request) => this.#counted(() => transport(request));
  }

  /** Resolves when nothing is under way, and nothing that has been answered goes on. */
  async ended(): Promise<void> {
    do await turn();
    while (this.#count > 0);
  }

  async #counted<T>(ask: () => Promise<T>): Promise<T> {
    this.#count += 1;
    try {
      return await ask();
    } finally {
      this.#count -= 1;
    }
  }
}
