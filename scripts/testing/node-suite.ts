import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { longestFirst, slowestFiles, type FileTime } from './file-times.ts';
import { testProcesses, withEntries } from './shared-processes.ts';
import type { SuiteResult } from './suite.ts';

const ALL = ['tests/**/*.test.ts', 'packages/*/tests/**/*.test.ts'];

/** Files that take long, and seldom fail alone: `.ci/run` and `npm run test:slow` run them, and `npm test` does not. */
const isSlow = (file: string): boolean => file.endsWith('.slow.test.ts');

/** What `npm test` runs of TypeScript, from the root of the project. */
export const quickFiles = (): string[] => globSync(ALL).filter((file) => !isSlow(file));

/** So many processes with test files run at a time: one more than the smallest machine has cores, for files wait for parts and pages. */
export const CONCURRENT_FILES = 3;

/**
 * Of the embedded database's WebAssembly a test file uses little, and not for long: compiling it a second time, for speed,
 * takes more than it saves, and so does checking what is never called; a process that many files share compiles again
 * (thorough-engine.ts). The parts that tests start as processes take these
 * flags over (src/shared/engine-flags.ts).
 */
const EXEC_ARGV = ['--liftoff-only', '--wasm-lazy-validation'];

/** Runs the test files that fit a pattern; without patterns, all but the slow ones. */
export async function runNodeTests(patterns: string[]): Promise<SuiteResult> {
  const found = patterns.length > 0 ? globSync(patterns) : quickFiles();
  const files = longestFirst(found);
  // who names files wants to see how each does by itself
  if (patterns.length > 0) return runFiles(new Map(files.map((file) => [resolve(file), file])));
  return withEntries(testProcesses(files), runFiles);
}

/** Runs the slow test files that fit a pattern; without patterns, all slow ones. */
export const runSlowTests = async (patterns: string[]): Promise<SuiteResult> => {
  const files = globSync(patterns.length > 0 ? patterns : ALL).filter(isSlow);
  return { ...(await runFiles(new Map(files.map((file) => [resolve(file), file])))), name: 'slow' };
};

/** Runs files, each in a process of its own. `names` tells under which name each is known. */
const runFiles = async (names: ReadonlyMap<string, string>): Promise<SuiteResult> => {
  const result: SuiteResult = { name: 'node', passed: 0, failed: 0, skipped: 0 };
  if (names.size === 0) return result;
  const took: FileTime[] = [];
  const events = run({ files: [...names.keys()], concurrency: CONCURRENT_FILES, execArgv: EXEC_ARGV });
  events.on('test:summary', ({ file, counts, duration_ms }) => {
    if (file !== undefined) return void took.push({ file: names.get(file) ?? file, ms: duration_ms });
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
};
