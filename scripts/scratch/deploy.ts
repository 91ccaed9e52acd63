import { fileURLToPath } from 'node:url';
import { relative, join } from 'node:path';
import type { Connection } from '@salesforce/core';
import {
  ComponentSet,
  type DeployMessage,
  type DeployResult,
  type DeploySetOptions,
} from '@salesforce/source-deploy-retrieve';
import type { Progress } from '../../src/story/progress.ts';
import { packageDirectories } from '../metadata/package-directories.ts';
import { runScript } from './run-script.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SOURCES = packageDirectories(ROOT).map((path) => join(ROOT, path));

/** Builds the components, checks the metadata and deploys it. Throws Error that lists what is wrong, file by file. */
export const deployProject = async (connection: Connection, progress: Progress): Promise<number> => {
  for (const script of ['scripts/build-lwc.ts', 'scripts/check-metadata.ts']) {
    const { status, output } = await runScript(script, []);
    if (status !== 0) throw new Error(`the metadata is not fit to be deployed; ${script} says:\n${output}`);
  }
  const operation = await ComponentSet.fromSource(SOURCES).deploy({
    // The library brings a @salesforce/core of its own, whose Connection is another type and the same thing.
    usernameOrConnection: connection as unknown as DeploySetOptions['usernameOrConnection'],
    apiOptions: { testLevel: 'NoTestRun', rollbackOnError: true, singlePackage: true },
  });
  operation.onUpdate(({ numberComponentsDeployed, numberComponentsTotal, status }) =>
    progress.show(
      `deploying: ${numberComponentsDeployed ?? 0} of ${numberComponentsTotal ?? '?'} components, ${status}`,
    ),
  );
  const result = await operation.pollStatus();
  if (!result.response.success) throw new Error(describeFailure(result));
  return Number(result.response.numberComponentsDeployed);
};

/** Everything that failed, under the file it is in. */
export const describeFailure = ({ response, components }: DeployResult): string => {
  const files = new Map<string, string[]>();
  for (const failure of [response.details?.componentFailures ?? []].flat()) {
    const file = fileOf(failure, components);
    const { lineNumber, columnNumber, problem, fullName, componentType } = failure;
    const place = lineNumber ? `:${lineNumber}:${columnNumber ?? 1}` : '';
    const lines = files.get(file) ?? [];
    files.set(file, [...lines, `${file}${place}  ${componentType ? `${componentType} ` : ''}${fullName}: ${problem}`]);
  }
  const lines = [...files.values()].flat().map((line) => `  ${line}`);
  const summary = `the deployment failed (${response.status})${response.errorMessage ? `: ${response.errorMessage}` : ''}`;
  return [summary, ...lines].join('\n');
};

/** The file in the project, or what the org calls it. Where there is code, it is meant, not the XML beside it. */
const fileOf = (
  { fullName, componentType, fileName }: DeployMessage,
  components: DeployResult['components'],
): string => {
  if (!componentType || !components) return fileName;
  const paths = components.getComponentFilenamesByNameAndType({ fullName, type: componentType });
  const path = paths.find((each) => !each.endsWith('-meta.xml')) ?? paths[0];
  return path ? relative(ROOT, path) : fileName;
};
