/** The result of a deployment, as clients read it. */
import type { ComponentMessage, DeployResult } from '../../deploy/types.ts';
import type { ApexTestOutcome, ApexTestRun } from '../../types.ts';
import { userById } from '../auth/users.ts';
import { apiError } from '../errors.ts';
import { codeIds } from '../records/code-ids.ts';
import type { ApiDeps } from '../types.ts';
import { codeCoverage, codeCoverageWarnings } from './coverage.ts';

/** Throws ApiError when there is no such deployment. */
export const describedResult = (deps: ApiDeps, id: string, includeDetails: boolean): Body => {
  const { deployments, store } = deps;
  const result = deployments.result(id);
  if (!result)
    throw apiError('INVALID_CROSS_REFERENCE_KEY', `invalid cross reference id: no deployment has the id ${id}`);
  const name = userById(store, result.userId)?.values.get('Name');
  return resultBody(deps, result, typeof name === 'string' ? name : '', includeDetails);
};

/** What is sent, in the order in which SOAP sends it; absent values are left out. */
export interface Body {
  [name: string]: string | number | boolean | Body | Body[] | undefined;
}

const isFailed = ({ outcome }: ApexTestOutcome): boolean => outcome === 'Fail' || outcome === 'CompileFail';

export const resultBody = (deps: ApiDeps, result: DeployResult, userName: string, includeDetails: boolean): Body => {
  const { options, messages, tests, errorMessage } = result;
  const failures = messages.filter((message) => !message.success);
  const successes = messages.filter((message) => message.success);
  const testFailures = tests?.outcomes.filter(isFailed) ?? [];
  const testCount = tests?.outcomes.length ?? 0;
  const [started, completed] = [moment(result.startedAt), moment(result.completedAt)];
  return {
    checkOnly: options.checkOnly,
    completedDate: completed,
    createdBy: result.userId,
    createdByName: userName,
    createdDate: started,
    ...(includeDetails ? { details: details(deps, result) } : {}),
    done: true,
    ...(errorMessage === null ? {} : { errorMessage, errorStatusCode: 'UNKNOWN_EXCEPTION' }),
    id: result.id,
    ignoreWarnings: options.ignoreWarnings,
    lastModifiedDate: completed,
    numberComponentErrors: failures.length,
    numberComponentsDeployed: successes.length,
    numberComponentsTotal: messages.length,
    numberTestErrors: testFailures.length,
    numberTestsCompleted: testCount - testFailures.length,
    numberTestsTotal: testCount,
    rollbackOnError: options.rollbackOnError,
    runTestsEnabled: tests !== null,
    startDate: started,
    status: result.status,
    success: result.status !== 'Failed',
  };
};

/** Milliseconds are always there. */
const moment = (epochMs: number): string => new Date(epochMs).toISOString();

const details = (deps: ApiDeps, result: DeployResult): Body => {
  const { messages, tests } = result;
  const createdDate = moment(result.completedAt);
  return {
    componentFailures: messages.filter(({ success }) => !success).map((message) => component(message, createdDate)),
    componentSuccesses: messages.filter(({ success }) => success).map((message) => component(message, createdDate)),
    ...(tests ? { runTestResult: testResult(deps, result, tests) } : {}),
  };
};

const component = (message: ComponentMessage, createdDate: string): Body => ({
  changed: message.changed,
  columnNumber: message.columnNumber,
  componentType: message.componentType,
  created: message.created,
  createdDate,
  deleted: message.deleted,
  fileName: message.fileName,
  fullName: message.fullName,
  lineNumber: message.lineNumber,
  problem: message.problem,
  problemType: message.problemType,
  success: message.success,
});

const testResult = (deps: ApiDeps, { coverageWarnings, userId }: DeployResult, tests: ApexTestRun): Body => {
  const { coverage = [] } = tests;
  const ids = codeIds(
    deps,
    userId,
    coverage.map(({ name }) => name),
  );
  return {
    codeCoverage: codeCoverage(coverage, ids),
    codeCoverageWarnings: codeCoverageWarnings(coverageWarnings, ids),
    ...outcomesOf(tests),
  };
};

const outcomesOf = ({ outcomes, totalTime }: ApexTestRun): Body => ({
  failures: outcomes.filter(isFailed).map((outcome) => ({
    ...test(outcome),
    message: outcome.message ?? '',
    packageName: outcome.className,
    stackTrace: outcome.stackTrace ?? '',
    type: 'Class',
  })),
  numFailures: outcomes.filter(isFailed).length,
  numTestsRun: outcomes.length,
  successes: outcomes.filter(({ outcome }) => outcome === 'Pass').map(test),
  totalTime,
});

const test = ({ className, methodName, runTime }: ApexTestOutcome): Body => ({
  methodName,
  name: className,
  seeAllData: false,
  time: runTime,
});
