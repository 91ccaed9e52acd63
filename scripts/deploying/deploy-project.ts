import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Connection } from '@salesforce/core';
import { ComponentSet, type DeploySetOptions } from '@salesforce/source-deploy-retrieve';
import type { Progress } from '../../src/story/progress.ts';
import { packageDirectories } from '../metadata/package-directories.ts';
import { runScript } from '../scratch/run-script.ts';
import { isOperators, standing } from './operators-own.ts';
import { ownTests } from './own-tests.ts';
import { carryOut, keyOf } from './transaction.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** What every flow needs. Below `force-app/` is a folder for each flow beside it; other package directories are samples. */
const CORE = 'force-app/core/';

/** `local`: all tests of the org but those of managed packages. `own`: those that come with Concord. */
export type Tests = 'local' | 'own' | 'none';

export interface DeployPlan {
  /** Names of the flows to deploy; null: all. */
  flows: readonly string[] | null;
  /** Names of samples to deploy too. */
  samples: readonly string[];
  tests: Tests;
  dryRun: boolean;
}

export interface Deployed {
  components: number;
  /** Tests that passed, and the lines they ran; null when none were asked for. */
  tests: { passed: number; coveredLines: number; lines: number } | null;
  /** What stands in the org and may have been changed there, so that it was not deployed. */
  left: string[];
}

/**
 * The package directories of core, of these flows (null: of all) and of these samples, in order. Throws Error when there
 * is no such flow or sample.
 */
export const directoriesOf = (samples: readonly string[], flows: readonly string[] | null = null): string[] => {
  const all = packageDirectories(ROOT);
  const ofFlows = flows === null ? ['force-app/'] : flows.map((name) => `force-app/${name}/`);
  const wanted = [CORE, ...ofFlows, ...samples.map((name) => `samples/${name}/`)];
  for (const prefix of wanted)
    if (!all.some((path) => path.startsWith(prefix)))
      throw new Error(`no package directory of sfdx-project.json is below ${prefix}`);
  return all.filter((path) => wanted.some((prefix) => path.startsWith(prefix)));
};

/** All samples of the project. */
export const allSamples = (): string[] => [
  ...new Set(packageDirectories(ROOT).flatMap((path) => /^samples\/([^/]+)\//.exec(path)?.[1] ?? [])),
];

/**
 * Builds the components, checks the metadata and deploys all of it in one transaction, but what operators change and
 * the org has already. Throws Error that lists what is wrong, file by file and test by test.
 */
export const deployProject = async (
  connection: Connection,
  plan: DeployPlan,
  progress: Progress,
): Promise<Deployed> => {
  for (const script of ['scripts/build-lwc.ts', 'scripts/check-metadata.ts']) {
    const { status, output } = await runScript(script, []);
    if (status !== 0) throw new Error(`the metadata is not fit to be deployed; ${script} says:\n${output}`);
  }
  const folders = directoriesOf(plan.samples, plan.flows).map((path) => join(ROOT, path));
  const components = ComponentSet.fromSource(folders).getSourceComponents().toArray();
  const there = await standing(connection);
  const left = components.filter((component) => isOperators(component) && there.has(keyOf(component)));
  const response = await carryOut(
    new ComponentSet(components.filter((component) => !left.includes(component))),
    connection,
    { ...TEST_OPTIONS[plan.tests](folders), checkOnly: plan.dryRun },
    ({ numberComponentsDeployed, numberComponentsTotal, numberTestsCompleted, numberTestsTotal, status }) =>
      progress.show(
        `deploying: ${numberComponentsDeployed ?? 0} of ${numberComponentsTotal ?? '?'} components, ${numberTestsCompleted ?? 0} of ${numberTestsTotal ?? '?'} tests, ${status}`,
      ),
  );
  return {
    components: Number(response.numberComponentsDeployed),
    tests: plan.tests === 'none' ? null : testsOf(response.details.runTestResult ?? {}),
    left: left.map(keyOf).sort(),
  };
};

type TestOptions = NonNullable<DeploySetOptions['apiOptions']>;

const TEST_OPTIONS: Record<Tests, (folders: readonly string[]) => TestOptions> = {
  local: () => ({ testLevel: 'RunLocalTests' }),
  own: (folders) => ({ testLevel: 'RunSpecifiedTests', runTests: ownTests(folders) }),
  none: () => ({ testLevel: 'NoTestRun' }),
};

interface TestResult {
  numTestsRun?: string | number;
  numFailures?: string | number;
  codeCoverage?: unknown;
}

interface LineCount {
  numLocations: string | number;
  numLocationsNotCovered: string | number;
}

const testsOf = ({ numTestsRun = 0, numFailures = 0, codeCoverage }: TestResult): Deployed['tests'] => {
  const counts = [(codeCoverage ?? []) as LineCount | LineCount[]].flat();
  const lines = counts.reduce((sum, { numLocations }) => sum + Number(numLocations), 0);
  const missed = counts.reduce((sum, { numLocationsNotCovered }) => sum + Number(numLocationsNotCovered), 0);
  return { passed: Number(numTestsRun) - Number(numFailures), coveredLines: lines - missed, lines };
};
