import { globSync } from 'node:fs';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import type { SuiteResult } from './suite.ts';

/** Test files run in processes of their own, as many at a time as the smallest machine has cores. */
export const CONCURRENT_FILES = 2;

export async function runNodeTests(patterns: string[]): Promise<SuiteResult> {
  const result: SuiteResult = { name: 'node', passed: 0, failed: 0, skipped: 0 };
  const files = globSync(patterns.length > 0 ? patterns : ['tests/**/*.test.ts', 'packages/*/tests/**/*.test.ts']);
  if (files.length === 0) return result;
  const events = run({ files, concurrency: CONCURRENT_FILES });
  events.on('test:summary', ({ file, counts }) => {
    if (file !== undefined) return;
    result.passed = counts.passed;
    result.skipped = counts.skipped + counts.todo;
  });
  // The summary leaves out a suite whose own body fails, and a test that never ended.
  events.on('test:fail', ({ details, todo }) => {
    const { failureType } = details.error as Error & { failureType?: string };
    if (failureType !== 'subtestsFailed' && todo === undefined) result.failed++;
  });
  for await (const text of events.compose(spec)) process.stdout.write(String(text));
  return result;
}
