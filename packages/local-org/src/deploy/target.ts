/** What a deployment needs of the org. */
import type { Diagnostic } from '../compiler/types.ts';
import type { ApexTestRun } from '../types.ts';
import type { SourceTree } from './types.ts';

/** Something that the org cannot take over from a metadata file. */
export interface MetadataProblem {
  /** Path of the file below the project, or the name of what is wrong. */
  file: string;
  problem: string;
}

/** A project loaded on a copy of the org's set-up. Nothing of the org itself has changed. */
export interface Rehearsal {
  /** When there are any, nothing was compiled. */
  metadataProblems: MetadataProblem[];
  diagnostics: Diagnostic[];
  /** All tests when no classes are named; counts the lines they ran. */
  runTests: (classNames?: string[]) => ApexTestRun;
  discard(): void;
}

/** What a deployment changes. */
export interface Change {
  /** The source with the change in it. */
  tree: SourceTree;
  /** The files that the deployment brought. */
  changed: SourceTree;
  /** Keys of the components it took away. */
  removed: ReadonlySet<string>;
}

export interface DeployTarget {
  /** What the org runs on now. */
  tree(): SourceTree;
  /** What does not compile in the org now. */
  diagnostics(): readonly Diagnostic[];
  /** Classes that jobs wait for or run, by lower-cased name, with the type of the job. */
  lockedClasses(): ReadonlyMap<string, string>;
  /** Lower-cased names of permission sets that users have. */
  assignedPermissionSets(): ReadonlySet<string>;
  rehearse(tree: SourceTree): Rehearsal;
  /** Puts what was rehearsed in place of the org's project, in one transaction: all of it or nothing. */
  replace(rehearsal: Rehearsal, change: Change): void;
}
