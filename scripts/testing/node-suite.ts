import { globSync } from 'node:fs';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import type { SuiteResult } from './suite.ts';

/** Test files run in processes of their own, as many at a time as the smallest machine has cores. */
const CONCURRENT_FILES = 2;

export async function runNodeTests(patterns: string[]): Promise<SuiteResult> {
  const result: SuiteResult = { name: 'node', passed: 0, failed: 0, skipped: 0 };
  const files = globSync(patterns.length > 0 ? patterns : ['tests/**/*.test.ts']);
  if (files.length === 0) return result;
  const events = run({ files, concurrency: CONCURRENT_FILES });
  events.on('test:summary', ({ file, counts: known }) => {
    if (file !== undefined) return;
    const counts = known as typeof known & { failed: number };
    result.passed = counts.passed;
    result.failed = counts.failed + counts.cancelled;
    result.skipped = counts.skipped + counts.todo;
  });
  for await (const text of events.compose(spec)) process.stdout.write(String(text));
  return result;
}
