import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToEnd } from './run-to-end.ts';
import type { SuiteResult } from './suite.ts';

interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Files that could not even be loaded. */
  numRuntimeErrorTestSuites: number;
}

export async function runLwcTests(patterns: string[]): Promise<SuiteResult> {
  const folder = mkdtempSync(join(tmpdir(), 'concord-jest-'));
  const report = join(folder, 'report.json');
  try {
    const jest = join('node_modules', 'jest', 'bin', 'jest.js');
    await runToEnd([jest, '--json', `--outputFile=${report}`, '--passWithNoTests', ...patterns], { quiet: true });
    const read = JSON.parse(readFileSync(report, 'utf8')) as JestReport;
    return {
      name: 'lwc',
      passed: read.numPassedTests,
      failed: read.numFailedTests + read.numRuntimeErrorTestSuites,
      skipped: read.numPendingTests + read.numTodoTests,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
