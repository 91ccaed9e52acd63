import { fileURLToPath } from 'node:url';
import { relative } from 'node:path';
import type { DeployMessage, DeployResult } from '@salesforce/source-deploy-retrieve';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Everything that failed, under the file it is in, then the tests, then what they leave uncovered. */
export const describeFailure = ({ response, components }: DeployResult): string => {
  const { componentFailures, runTestResult } = response.details ?? {};
  const files = new Map<string, string[]>();
  for (const failure of listOf<DeployMessage>(componentFailures)) {
    const file = fileOf(failure, components);
    const { lineNumber, columnNumber, problem, fullName, componentType } = failure;
    const place = lineNumber ? `:${lineNumber}:${columnNumber ?? 1}` : '';
    const lines = files.get(file) ?? [];
    files.set(file, [...lines, `${file}${place}  ${componentType ? `${componentType} ` : ''}${fullName}: ${problem}`]);
  }
  const tests = listOf<TestFailure>(runTestResult?.failures).map(
    ({ name, methodName, message }) => `${name}.${methodName}: ${message}`,
  );
  const coverage = listOf<Warning>(runTestResult?.codeCoverageWarnings).map(
    ({ name, message }) => `${name ? `${name}: ` : ''}${message}`,
  );
  const lines = [...[...files.values()].flat(), ...tests, ...coverage].map((line) => `  ${line}`);
  const summary = `the deployment failed (${response.status})${response.errorMessage ? `: ${response.errorMessage}` : ''}`;
  return [summary, ...lines].join('\n');
};

interface TestFailure {
  name: string;
  methodName: string;
  message: string;
}

interface Warning {
  name?: string;
  message: string;
}

/** What comes once from SOAP is no list. */
const listOf = <T>(value: unknown): T[] => [(value ?? []) as T | T[]].flat() as T[];

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
