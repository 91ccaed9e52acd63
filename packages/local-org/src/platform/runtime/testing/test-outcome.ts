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
