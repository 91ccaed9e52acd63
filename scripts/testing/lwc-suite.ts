import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SuiteResult } from './suite.ts';

interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Files that could not even be loaded. */
  numRuntimeErrorTestSuites: number;
}

export function runLwcTests(patterns: string[]): Promise<SuiteResult> {
  const folder = mkdtempSync(join(tmpdir(), 'concord-jest-'));
  const report = join(folder, 'report.json');
  try {
    const jest = join('node_modules', 'jest', 'bin', 'jest.js');
    spawnSync(process.execPath, [jest, '--json', `--outputFile=${report}`, '--passWithNoTests', ...patterns], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const read = JSON.parse(readFileSync(report, 'utf8')) as JestReport;
    return Promise.resolve({
      name: 'lwc',
      passed: read.numPassedTests,
      failed: read.numFailedTests + read.numRuntimeErrorTestSuites,
      skipped: read.numPendingTests + read.numTodoTests,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
