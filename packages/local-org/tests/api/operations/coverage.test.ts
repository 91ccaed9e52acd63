/** What tests covered, by the Tooling API. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { orgWith, request } from '../../runtime/org-fixture.ts';

const testClass = (name: string, call: string): string =>
  `@IsTest\nprivate class ${name} {\n  @IsTest\n  static void works() {\n    ${call}\n  }\n}`;

const fixture = orgWith({
  'Maths.cls': `public class Maths {
  public static Integer one() {
    return 1;
  }
  public static Integer two() {
    return 2;
  }
}`,
  'OnAccount.trigger': 'trigger OnAccount on Account (before insert) {\n  Maths.one();\n}',
  'OneTest.cls': testClass('OneTest', 'Maths.one();'),
  'TwoTest.cls': testClass('TwoTest', 'Maths.two();'),
});
after(() => fixture.close());

const tooling = async (soql: string): Promise<any[]> =>
  (await request(fixture, 'GET', `/tooling/query?q=${encodeURIComponent(soql)}`)).body.records;
const runTest = (className: string) =>
  request(fixture, 'POST', '/tooling/runTestsSynchronous', { tests: [{ className }], skipCodeCoverage: false });
const maths = async () => {
  const [row] = await tooling(
    "SELECT NumLinesCovered, NumLinesUncovered, Coverage FROM ApexCodeCoverageAggregate WHERE ApexClassOrTrigger.Name = 'Maths'",
  );
  return row;
};

test('nothing is covered before a test ran', async () => {
  assert.deepEqual(await tooling('SELECT PercentCovered FROM ApexOrgWideCoverage'), []);
});

test('a run with coverage tells the lines of each class and trigger, and their share of all', async () => {
  const { body } = await runTest('OneTest');
  assert.deepEqual(
    body.codeCoverage.map(({ name, type, numLocationsNotCovered }: any) => [name, type, numLocationsNotCovered]),
    [
      ['Maths', 'Class', 1],
      ['OnAccount', 'Trigger', 1],
    ],
  );
  const { NumLinesCovered, NumLinesUncovered, Coverage } = await maths();
  assert.deepEqual([NumLinesCovered, NumLinesUncovered], [1, 1]);
  assert.deepEqual(Coverage, { coveredLines: [3], uncoveredLines: [6] });
  const [{ PercentCovered }] = await tooling('SELECT PercentCovered FROM ApexOrgWideCoverage');
  assert.equal(PercentCovered, 33);
});

test('runs add up', async () => {
  await runTest('TwoTest');
  assert.deepEqual((await maths()).Coverage, { coveredLines: [3, 6], uncoveredLines: [] });
  const [{ PercentCovered }] = await tooling('SELECT PercentCovered FROM ApexOrgWideCoverage');
  assert.equal(PercentCovered, 66);
});
