import { StoreError } from '../types.ts';

/** Collects what is wrong with the metadata, so that one load reports all of it. */
export class MetadataProblems {
  readonly #problems: string[] = [];

  /** Adds a problem of one file. */
  add(file: string, problem: string): void {
    this.#problems.push(`${file}: ${problem}`);
  }

  /** Runs `load`; what it throws about the file becomes a problem. */
  guard(file: string, load: () => void): void {
    try {
      load();
    } catch (error) {
      if (error instanceof MetadataError) this.add(file, error.message);
      else throw error;
    }
  }

  /** Throws when anything was added. */
  throwIfAny(): void {
    if (this.#problems.length > 0) throw new StoreError('INVALID_METADATA', this.#problems.join('\n'));
  }
}

/** Something in one metadata file that the local org cannot take over. */
export class MetadataError extends Error {
  override name = 'MetadataError';
}
