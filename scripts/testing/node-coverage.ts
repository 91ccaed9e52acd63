import { globSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { run } from 'node:test';
import { dot } from 'node:test/reporters';
import type { FileCoverage } from './coverage-table.ts';
import { CONCURRENT_FILES } from './node-suite.ts';

/** Runs test files (all, when none is named) and tells which lines of `src` and `scripts` they ran. */
export const nodeCoverage = async (
  root: string,
  patterns: readonly string[],
): Promise<{ files: FileCoverage[]; failures: number }> => {
  const paths = globSync(patterns.length > 0 ? [...patterns] : ['tests/**/*.test.ts']);
  const files: FileCoverage[] = [];
  let failures = 0;
  const events = run({
    files: paths,
    concurrency: CONCURRENT_FILES,
    coverage: true,
    coverageIncludeGlobs: ['src/**/*.ts', 'scripts/**/*.ts'],
  });
  events.on('test:fail', ({ name, file }) => {
    failures++;
    console.error(`failed: ${name}${file ? ` (${relative(root, file)})` : ''}`);
  });
  events.on('test:coverage', ({ summary }) => {
    for (const { path, lines } of summary.files)
      files.push({
        path: relative(root, path).split(sep).join('/'),
        lines: new Map(lines.map(({ line, count }) => [line, count])),
      });
  });
  for await (const text of events.compose(dot)) process.stdout.write(String(text));
  if (paths.length === 0) throw new Error('no test file fits: name files or patterns such as tests/shared/*.test.ts');
  return { files, failures };
};
