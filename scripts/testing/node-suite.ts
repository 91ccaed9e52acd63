import { globSync } from 'node:fs';
import { relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { longestFirst, slowestFiles, type FileTime } from './file-times.ts';
import type { SuiteResult } from './suite.ts';

const ALL = ['tests/**/*.test.ts', 'packages/*/tests/**/*.test.ts'];

/** Test files run in processes of their own, as many at a time as the smallest machine has cores. */
export const CONCURRENT_FILES = 2;

/**
 * Of the embedded database's WebAssembly a test file uses little, and not for long: compiling it a second time, for speed,
 * takes more than it saves, and so does checking what is never called. The parts that tests start as processes take these
 * flags over (src/shared/engine-flags.ts).
 */
const EXEC_ARGV = ['--liftoff-only', '--wasm-lazy-validation'];

export async function runNodeTests(patterns: string[]): Promise<SuiteResult> {
  const result: SuiteResult = { name: 'node', passed: 0, failed: 0, skipped: 0 };
  const files = longestFirst(globSync(patterns.length > 0 ? patterns : ALL));
  if (files.length === 0) return result;
  const took: FileTime[] = [];
  const events = run({ files, concurrency: CONCURRENT_FILES, execArgv: EXEC_ARGV });
  events.on('test:summary', ({ file, counts, duration_ms }) => {
    if (file !== undefined) return void took.push({ file: relative(process.cwd(), file), ms: duration_ms });
    result.passed = counts.passed;
    result.skipped = counts.skipped + counts.todo;
  });
  // The summary leaves out a suite whose own body fails, and a test that never ended.
  events.on('test:fail', ({ details, todo }) => {
    const { failureType } = details.error as Error & { failureType?: string };
    if (failureType !== 'subtestsFailed' && todo === undefined) result.failed++;
  });
  for await (const text of events.compose(spec)) process.stdout.write(String(text));
  if (took.length > 1) console.log(slowestFiles(took));
  return result;
}
