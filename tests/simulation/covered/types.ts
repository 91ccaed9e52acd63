import type { Segments } from './ran-segments.ts';

/** What of the protocol ran in a seed. */
export interface SeedCoverage {
  seed: number;
  /** Of processor time. */
  seconds: number;
  /** Apex, by file: lines. */
  lines: Record<string, number[]>;
  /** TypeScript, by file. */
  segments: Record<string, Segments>;
  /** What it violates although nothing is mutated: such a seed notices nothing. Absent: nothing. */
  violation?: string;
}

/** What parent and child of a coverage run say to each other. */
export type CoverageReport =
  /** The lines of each Apex file that can run. */
  | { executable: Record<string, number[]> }
  | { covered: SeedCoverage }
  /** The child has done all. */
  | { done: true };
