/** What a deployment request holds: a body of type multipart/form-data (RFC 7578), and options from JSON or SOAP. */
import type { DeployOptions, TestLevel } from '../../deploy/types.ts';
import { apiError, unsupported } from '../errors.ts';

const LINE = '\r\n';
const END_OF_HEADERS = Buffer.from(`${LINE}${LINE}`);

const malformed = (problem: string): Error => apiError('INVALID_MULTIPART_REQUEST', `The multipart body ${problem}`);

/** The parts by their name. Throws ApiError. */
export const readMultipart = (contentType: string, body: Uint8Array): Map<string, Buffer> => {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (!boundary) throw malformed('has no boundary');
  const bytes = Buffer.concat([Buffer.from(LINE), body]);
  const delimiter = Buffer.from(`${LINE}--${boundary}`);
  const parts = new Map<string, Buffer>();
  let at = bytes.indexOf(delimiter);
  if (at < 0) throw malformed('does not contain its boundary');
  for (;;) {
    const start = at + delimiter.length;
    if (bytes.toString('latin1', start, start + 2) === '--') return parts;
    const next = bytes.indexOf(delimiter, start);
    const content = bytes.indexOf(END_OF_HEADERS, start);
    if (next < 0 || content < 0 || content > next) throw malformed('ends too early');
    const name = /name="([^"]*)"/i.exec(bytes.toString('utf8', start, content))?.[1];
    if (name === undefined) throw malformed('has a part without a name');
    parts.set(name, bytes.subarray(content + END_OF_HEADERS.length, next));
    at = next;
  }
};

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
export const deployOptions = (given: GivenOptions, production: boolean): DeployOptions => {
  for (const name of REFUSED) if (isSet(given[name])) throw unsupported(`The deploy option ${name}`);
  const runTests = [given.runTests ?? []].flat().map(String);
  const testLevel =
    typeof given.testLevel === 'string' && given.testLevel
      ? given.testLevel
      : runTests.length > 0
        ? 'RunSpecifiedTests'
        : null;
  if (testLevel === 'RunRelevantTests') throw unsupported('The test level RunRelevantTests');
  if (testLevel === 'NoTestRun' && production)
    throw apiError('INVALID_OPERATION', 'testLevel of NoTestRun cannot be used in production organizations');
  if (testLevel !== null && !TEST_LEVELS.includes(testLevel)) {
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
    testLevel: testLevel as TestLevel | null,
    runTests,
  };
};
