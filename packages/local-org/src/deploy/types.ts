/** The terms of a deployment: what is asked for, what it is made of, what it leads to. */
import type { ApexTestRun } from '../types.ts';

/** Which tests a deployment runs (Metadata API Developer Guide, deploy(), testLevel). */
export type TestLevel = 'NoTestRun' | 'RunSpecifiedTests' | 'RunLocalTests' | 'RunAllTestsInOrg';

export interface DeployOptions {
  /** Check all of it and change nothing. */
  checkOnly: boolean;
  /** False: what can be deployed is, and the failures are told. */
  rollbackOnError: boolean;
  /** Failures that are only warnings do not stop it. */
  ignoreWarnings: boolean;
  /** Null: the org decides. Production runs all local tests when there is Apex in the package, other orgs run none. */
  testLevel: TestLevel | null;
  /** Names of classes, for RunSpecifiedTests. */
  runTests: string[];
}

/** Files by their path in source format below a package directory, in one canonical layout: `classes/A.cls`. */
export type SourceTree = ReadonlyMap<string, Uint8Array>;

/** One thing with a name: a class, an object, a field. */
export interface Component {
  /** Metadata type: `ApexClass`. */
  type: string;
  /** `CaseStamp`, `Case.Agency__c`. */
  fullName: string;
  /** Where it lies in the zip. */
  fileName: string;
  files: SourceTree;
}

/** A component that the org has. */
export interface ListedComponent {
  fullName: string;
  /** Where it would lie in a package: `classes/A.cls`. */
  fileName: string;
}

/** What became of one component. */
export interface ComponentMessage {
  componentType: string;
  fullName: string;
  fileName: string;
  success: boolean;
  created: boolean;
  changed: boolean;
  deleted: boolean;
  problem?: string;
  problemType?: 'Error' | 'Warning';
  lineNumber?: number;
  columnNumber?: number;
}

export type DeployStatus = 'Succeeded' | 'SucceededPartial' | 'Failed';

/** Coverage that production would not take. */
export interface CoverageWarning {
  /** The class or trigger, or null: all of them together. */
  name: string | null;
  message: string;
}

/** The outcome of a deployment, kept for those who ask later. */
export interface DeployResult {
  id: string;
  status: DeployStatus;
  options: DeployOptions;
  /** Epoch milliseconds. */
  startedAt: number;
  completedAt: number;
  userId: string;
  messages: ComponentMessage[];
  /** Null when no tests were asked for. */
  tests: ApexTestRun | null;
  /** Why production refused it. */
  coverageWarnings: CoverageWarning[];
  /** What is wrong with the request as a whole. */
  errorMessage: string | null;
}

/** A deployment that cannot even be looked at. */
export class BadDeployment extends Error {
  override name = 'BadDeployment';
}
