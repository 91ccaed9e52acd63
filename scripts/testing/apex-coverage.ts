import { basename } from 'node:path';
import { createOrg } from 'local-org';
import { ShiftableClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';
import { apexSources } from '../metadata/package-directories.ts';
import type { FileCoverage } from './coverage-table.ts';

/** Runs Apex test classes (all, when none is named) and tells which lines of the project's classes and triggers they ran. */
export const apexCoverage = (
  projectDir: string,
  classNames: readonly string[],
): { files: FileCoverage[]; failures: number } => {
  const org = createOrg({ projectDir, clock: new ShiftableClock(), random: seededRandom(1) });
  try {
    const { outcomes, coverage = [] } = org.runTests({
      coverage: true,
      ...(classNames.length > 0 ? { classNames: [...classNames] } : {}),
    });
    if (outcomes.length === 0) throw new Error(`no Apex test ran: ${classNames.join(', ') || 'there is none'}`);
    const paths = new Map(
      apexSources(projectDir).map((path) => [
        basename(path)
          .replace(/\.(cls|trigger)$/, '')
          .toLowerCase(),
        path,
      ]),
    );
    const failed = outcomes.filter(({ outcome }) => outcome === 'Fail' || outcome === 'CompileFail');
    for (const { className, methodName, message } of failed)
      console.error(`failed: ${className}.${methodName}: ${message ?? ''}`);
    const files = coverage.map(({ name, covered, uncovered }) => ({
      path: paths.get(name.toLowerCase()) ?? name,
      lines: new Map([...covered.map((line) => [line, 1] as const), ...uncovered.map((line) => [line, 0] as const)]),
    }));
    return { files, failures: failed.length };
  } finally {
    org.close();
  }
};
