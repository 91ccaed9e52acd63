/**
 * One deployment: the zip's components are put into the org's source, the result is loaded on a copy of
 * the org, and only what loads, compiles and passes the tests asked for takes the org's place.
 */
import type { ApexTestOutcome, ApexTestRun } from '../types.ts';
import { failuresOf } from './failures.ts';
import { readManifest } from './manifest.ts';
import { equal, lockedFailures } from './locked-classes.ts';
import { isFailure, success } from './messages.ts';
import type { MetadataTypes } from './metadata-types.ts';
import { readComponents } from './read-components.ts';
import { readZip, type Package } from './read-zip.ts';
import { readRemovals } from './removals.ts';
import { missingCoverage } from './required-coverage.ts';
import { componentKey, withComponents } from './source-tree.ts';
import type { DeployTarget } from './target.ts';
import {
  BadDeployment,
  type Component,
  type ComponentMessage,
  type CoverageWarning,
  type DeployOptions,
  type DeployStatus,
  type SourceTree,
  type TestLevel,
} from './types.ts';

export interface Deployment {
  zip: Uint8Array;
  options: DeployOptions;
}

export interface Outcome {
  status: DeployStatus;
  messages: ComponentMessage[];
  tests: ApexTestRun | null;
  coverageWarnings: CoverageWarning[];
  errorMessage: string | null;
}

export interface DeployDeps {
  types: MetadataTypes;
  target: DeployTarget;
  /** Production asks for tests and their coverage; other orgs leave that to whoever deploys. */
  production: boolean;
}

const DESTRUCTIVE = ['destructiveChangesPre.xml', 'destructiveChanges.xml', 'destructiveChangesPost.xml'];

export const deploy = (deps: DeployDeps, { zip, options }: Deployment): Outcome => {
  let contents: Contents;
  try {
    contents = readContents(deps, readZip(zip));
  } catch (error) {
    if (!(error instanceof BadDeployment)) throw error;
    return { ...failed([]), errorMessage: error.message };
  }
  if (contents.failures.length > 0 && options.rollbackOnError) return failed(contents.failures);
  return attempt(deps, options, contents);
};

interface Contents {
  components: Component[];
  /** Keys of what is to be taken out. */
  removed: Set<string>;
  failures: ComponentMessage[];
  /** What is said of deletions. */
  removals: ComponentMessage[];
}

const readContents = ({ types, target }: DeployDeps, packages: Package[]): Contents => {
  const contents: Contents = { components: [], removed: new Set(), failures: [], removals: [] };
  for (const each of packages) {
    const { components, problems } = readComponents(types, each, manifestIn(each, 'package.xml')!);
    const failures = [...problems, ...lockedFailures(components, target.tree(), target.lockedClasses())];
    const failing = new Set(failures.map(keyOfMessage));
    contents.components.push(...components.filter((component) => !failing.has(keyOf(component))));
    contents.failures.push(...failures);
    for (const fileName of DESTRUCTIVE) {
      const manifest = manifestIn(each, fileName);
      if (manifest === null) continue;
      const { keys, messages } = readRemovals({ types, target, fileName: each.root + fileName, manifest });
      for (const key of keys) contents.removed.add(key);
      contents.removals.push(...messages.filter((message) => !isFailure(message)));
      contents.failures.push(...messages.filter(isFailure));
    }
  }
  return contents;
};

const manifestIn = ({ root, files }: Package, name: string) => {
  const content = files.get(name);
  return content === undefined ? null : readManifest(root + name, Buffer.from(content).toString('utf8'));
};

/** Without `rollbackOnError` what fails is left out, and the rest is tried again. */
const attempt = (deps: DeployDeps, options: DeployOptions, contents: Contents): Outcome => {
  const { target, types } = deps;
  const { components, removed } = contents;
  const tree = withComponents(types, target.tree(), components, removed);
  const rehearsal = target.rehearse(tree);
  try {
    const failures = failuresOf({ types, components, before: target.diagnostics() }, rehearsal);
    if (failures.length > 0) return retry(deps, options, contents, failures);
    const level = levelOf(deps, options, components);
    const tests = runTests(level, options, rehearsal.runTests);
    const messages = [...contents.failures, ...contents.removals, ...successes(types, target.tree(), components)];
    const coverageWarnings = deps.production && tests ? missingCoverage(tests.coverage ?? [], level, components) : [];
    if (tests?.outcomes.some(isFailedTest) || coverageWarnings.length > 0)
      return { ...failed(messages), tests, coverageWarnings };
    if (!options.checkOnly) {
      const changed = new Map(components.flatMap(({ files }) => [...files]));
      target.replace(rehearsal, { tree, changed, removed });
    }
    return {
      status: contents.failures.length > 0 ? 'SucceededPartial' : 'Succeeded',
      messages,
      tests,
      coverageWarnings: [],
      errorMessage: null,
    };
  } finally {
    rehearsal.discard();
  }
};

const retry = (deps: DeployDeps, options: DeployOptions, contents: Contents, failures: ComponentMessage[]): Outcome => {
  const all = [...contents.failures, ...failures];
  const failing = new Set(failures.map(keyOfMessage));
  const left = contents.components.filter((component) => !failing.has(keyOf(component)));
  const hopeless = left.length === contents.components.length || left.length === 0;
  if (options.rollbackOnError || hopeless) return failed(all);
  return attempt(deps, options, { ...contents, components: left, failures: all });
};

const failed = (messages: ComponentMessage[]): Outcome => ({
  status: 'Failed',
  messages,
  tests: null,
  coverageWarnings: [],
  errorMessage: null,
});

const isFailedTest = ({ outcome }: ApexTestOutcome): boolean => outcome === 'Fail' || outcome === 'CompileFail';

const APEX = new Set(['ApexClass', 'ApexTrigger']);

const levelOf = (
  { production }: DeployDeps,
  { testLevel }: DeployOptions,
  components: readonly Component[],
): TestLevel => {
  if (testLevel !== null) return testLevel;
  return production && components.some(({ type }) => APEX.has(type)) ? 'RunLocalTests' : 'NoTestRun';
};

const runTests = (
  level: TestLevel,
  { runTests: classNames }: DeployOptions,
  run: (classNames?: string[]) => ApexTestRun,
): ApexTestRun | null => {
  if (level === 'NoTestRun') return null;
  return level === 'RunSpecifiedTests' ? run(classNames) : run();
};

const successes = (types: MetadataTypes, before: SourceTree, components: readonly Component[]): ComponentMessage[] => {
  const known = new Set([...before.keys()].map((path) => componentKey(types, path)));
  return components.map((component) => {
    const isNew = [...component.files.keys()].every((path) => !known.has(componentKey(types, path)));
    const same = [...component.files].every(([path, content]) => equal(before.get(path), content));
    return success(component, isNew ? 'created' : same ? 'unchanged' : 'changed');
  });
};

const keyOf = ({ type, fullName }: Component): string => `${type} ${fullName}`;
const keyOfMessage = ({ componentType, fullName }: ComponentMessage): string => `${componentType} ${fullName}`;
