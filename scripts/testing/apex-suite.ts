import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToEnd } from './run-to-end.ts';
import type { SuiteResult } from './suite.ts';

interface ApexReport {
  result: { summary: { passing: number; failing: number; skipped: number } };
}

/** The project's own Apex tests, on the local org. `patterns` are class names. */
export async function runApexTests(patterns: string[]): Promise<SuiteResult> {
  const folder = mkdtempSync(join(tmpdir(), 'concord-apex-'));
  const report = join(folder, 'report.json');
  try {
    const classes = patterns.length > 0 ? ['--class', ...patterns] : [];
    await runToEnd(['packages/local-org/cli/main.ts', 'test', '--project', '.', '--json', report, ...classes]);
    const { summary } = (JSON.parse(readFileSync(report, 'utf8')) as ApexReport).result;
    return {
      name: 'apex',
      passed: summary.passing,
      failed: summary.failing,
      skipped: summary.skipped,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
