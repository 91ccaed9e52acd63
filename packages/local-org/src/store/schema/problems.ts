import { StoreError } from '../types.ts';

export interface MetadataProblem {
  /** Path of the file, or the name of what is wrong. */
  file: string;
  problem: string;
}

/** The metadata cannot be taken over; says all that is wrong with it. */
export class InvalidMetadata extends StoreError {
  override name = 'InvalidMetadata';
  readonly problems: readonly MetadataProblem[];

  constructor(problems: readonly MetadataProblem[]) {
    super('INVALID_METADATA', problems.map(({ file, problem }) => `${file}: ${problem}`).join('\n'));
    this.problems = problems;
  }
}

/** Collects what is wrong with the metadata, so that one load reports all of it. */
export class MetadataProblems {
  readonly #problems: MetadataProblem[] = [];
  /** Files of types that the local org does not have: the rest of the project works without them. */
  readonly unsupported: MetadataProblem[] = [];

  /** Adds a problem of one file. */
  add(file: string, problem: string): void {
    this.#problems.push({ file, problem });
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
    if (this.#problems.length > 0) throw new InvalidMetadata(this.#problems);
  }
}

/** Something in one metadata file that the local org cannot take over. */
export class MetadataError extends Error {
  override name = 'MetadataError';
}
