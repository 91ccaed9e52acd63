import { ranAt } from '../../covered/ran-segments.ts';
import type { Coverage } from '../../covered/cover.ts';
import type { SeedCoverage } from '../../covered/types.ts';
import type { GeneratedMutation } from './index.ts';

/** The last line at or before this one that can run: where a statement of several lines begins. */
const lineOfStatement = (executable: readonly number[], line: number): number | undefined =>
  executable.findLast((candidate) => candidate <= line);

const runs = ({ file, at, line }: GeneratedMutation, { executable }: Coverage, seed: SeedCoverage): boolean => {
  if (file.endsWith('.ts')) return ranAt(seed.segments[file] ?? [], at);
  const statement = lineOfStatement(executable[file] ?? [], line);
  return statement !== undefined && (seed.lines[file] ?? []).includes(statement);
};

/**
 * Which seeds may notice a mutation, best first: only those that run the mutated place can, and fail not without it. First those that noticed
 * others of the same file, then those that take least time.
 */
export class SeedChoice {
  readonly #coverage: Coverage;
  /** By file: seed, and how many mutations it noticed. */
  readonly #noticed = new Map<string, Map<number, number>>();

  constructor(coverage: Coverage) {
    this.#coverage = coverage;
  }

  of(mutation: GeneratedMutation): number[] {
    const noticed = this.#noticed.get(mutation.file);
    const score = ({ seed }: SeedCoverage): number => noticed?.get(seed) ?? 0;
    return this.#coverage.seeds
      .filter((seed) => seed.violation === undefined && runs(mutation, this.#coverage, seed))
      .toSorted((a, b) => score(b) - score(a) || a.seconds - b.seconds)
      .map(({ seed }) => seed);
  }

  note({ file }: GeneratedMutation, seed: number): void {
    const counts = this.#noticed.get(file) ?? new Map<number, number>();
    this.#noticed.set(file, counts.set(seed, (counts.get(seed) ?? 0) + 1));
  }
}
