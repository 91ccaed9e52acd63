import { createHash } from 'node:crypto';

/** Everything that happened in a seed, as one hash: two runs of a seed are the same run, or they are not. */
export class Trace {
  readonly #hash = createHash('sha256');

  note(...what: (string | number)[]): void {
    this.#hash.update(what.join('\u0000')).update('\n');
  }

  digest(): string {
    return this.#hash.copy().digest('hex').slice(0, 16);
  }
}
