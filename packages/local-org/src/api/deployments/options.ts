/** What a caller asks of a deployment, from JSON or SOAP. */
import type { DeployOptions, TestLevel } from '../../deploy/types.ts';
import { apiError, unsupported } from '../errors.ts';

/** An option's value: SOAP has text only. */
export type GivenOptions = Record<string, unknown>;

const TEST_LEVELS: readonly string[] = [
  'NoTestRun',
  'RunSpecifiedTests',
  'RunLocalTests',
  'RunAllTestsInOrg',
] satisfies TestLevel[];
/** Options that change nothing in the local org when they are not set. */
const REFUSED = ['performRetrieve', 'allowMissingFiles', 'autoUpdatePackage'];

const isSet = (value: unknown): boolean => value === true || value === 'true';

/** Throws ApiError for what is unknown or not supported. */
export const deployOptions = (given: GivenOptions): DeployOptions => {
  for (const name of REFUSED) if (isSet(given[name])) throw unsupported(`The deploy option ${name}`);
  const runTests = [given.runTests ?? []].flat().map(String);
  const testLevel =
    typeof given.testLevel === 'string' && given.testLevel
      ? given.testLevel
      : runTests.length > 0
        ? 'RunSpecifiedTests'
        : 'NoTestRun';
  if (testLevel === 'RunRelevantTests') throw unsupported('The test level RunRelevantTests');
  if (!TEST_LEVELS.includes(testLevel)) {
    throw apiError('INVALID_OPERATION', `${testLevel} is no test level; there are: ${TEST_LEVELS.join(', ')}`);
  }
  if (testLevel === 'RunSpecifiedTests' && runTests.length === 0) {
    throw apiError(
      'INVALID_OPERATION',
      'A testLevel of RunSpecifiedTests requires that at least one test is specified in runTests',
    );
  }
  return {
    checkOnly: isSet(given.checkOnly),
    rollbackOnError: isSet(given.rollbackOnError),
    ignoreWarnings: isSet(given.ignoreWarnings),
    testLevel: testLevel as TestLevel,
    runTests,
  };
};
