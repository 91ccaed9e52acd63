/** What a suite of tests came to. */
export interface SuiteResult {
  name: string;
  passed: number;
  failed: number;
  skipped: number;
}

export type Suite = (patterns: string[]) => Promise<SuiteResult>;

/** The closing line that people and .ci/run read. */
export function closingLine(passed: number, failed: number): string {
  return `${passed} passed, ${failed} failed`;
}
