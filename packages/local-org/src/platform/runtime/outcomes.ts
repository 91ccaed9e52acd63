/** What became of Apex that ran, and what may be injected into a run. types.ts gives these to whoever uses an org. */

export interface AnonymousResult {
  compiled: boolean;
  success: boolean;
  line: number;
  column: number;
  compileProblem: string | null;
  exceptionMessage: string | null;
  exceptionStackTrace: string | null;
  log: string;
}

/** What became of one test method. */
export interface TestOutcome {
  className: string;
  methodName: string;
  outcome: 'Pass' | 'Fail' | 'CompileFail' | 'Skip';
  message: string | null;
  stackTrace: string | null;
  /** Milliseconds. */
  runTime: number;
}

/** The lines of a class or trigger that a test could run, those that ran and those that did not. */
export interface ClassCoverage {
  name: string;
  kind: 'class' | 'trigger';
  covered: number[];
  uncovered: number[];
}

/**
 * Another transaction that comes between what one has read and what it saves. The store runs one at a time: what the other saves
 * is committed with the one that it came into, and lost with it.
 */
export interface OtherTransaction {
  /** It comes before the next update of this object, by Apex outside triggers that has saved nothing yet. */
  object: string;
  /** What it does, at once. `free`: the ids that are about to be saved and that nobody has locked; there is one at least. */
  run(free: readonly string[]): void;
  /** Told when the one that it came into has ended. */
  ended(committed: boolean): void;
}

export interface InjectedFault {
  /**
   * `bypass`: the save goes through, but past the triggers. `summary`: it goes through, and roll-up summaries over it stay as they
   * are, as while Salesforce recalculates them in the background. `event`: a published event never arrives.
   */
  kind: 'save' | 'request' | 'bypass' | 'summary' | 'event';
  /** Saves of this object only; every object when absent. */
  object?: string;
  code: string;
  message: string;
  /** How many saves, requests or events it hits. */
  count: number;
  /** How many of them pass before it strikes; default 0. */
  after?: number;
  status?: number;
}
