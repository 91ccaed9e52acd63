/** What production asks of the tests of a deployment. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { apexClass, manifest, META, openOrg, type Files } from './support.ts';

const MATHS = `public class Maths {
  public static Integer half(Integer n) {
    if (n < 0) {
      return -half(-n);
    }
    return n / 2;
  }
  public static Integer twice(Integer n) {
    return n * 2;
  }
}`;
const testClass = (body: string): Files =>
  apexClass('MathsTest', `@IsTest\nprivate class MathsTest {\n  @IsTest\n  static void works() {\n    ${body}\n  }\n}`);
const TRIGGER: Files = {
  'triggers/OnAccount.trigger': 'trigger OnAccount on Account (before insert) {\n  Maths.twice(1);\n}',
  'triggers/OnAccount.trigger-meta.xml': META('67.0', 'ApexTrigger'),
};
const maths = (tested: string): Files => ({
  'package.xml': manifest({ ApexClass: ['Maths', 'MathsTest'] }),
  ...apexClass('Maths', MATHS),
  ...testClass(tested),
});
const withTrigger = (tested: string): Files => ({
  ...maths(tested),
  ...TRIGGER,
  'package.xml': manifest({ ApexClass: ['Maths', 'MathsTest'], ApexTrigger: ['OnAccount'] }),
});

const HALF = 'Maths.half(4);';
const MOST = 'Maths.half(-4); Maths.twice(1);';
const LOCAL = { testLevel: 'RunLocalTests' };

const warnings = (result: any): string[] =>
  [result.details.runTestResult.codeCoverageWarnings].flat().map(({ message }: any) => message);

describe('production', () => {
  const at = openOrg({ production: true });
  after(() => at.close());

  test('tells clients what it is', async () => {
    const [row] = await at.query('SELECT IsSandbox, OrganizationType FROM Organization');
    assert.deepEqual([row.IsSandbox, row.OrganizationType], [false, 'Enterprise Edition']);
  });

  test('refuses Apex of which too little is tested, and changes nothing', async () => {
    const result = await at.deploy(maths(HALF), LOCAL);
    assert.equal(result.status, 'Failed');
    assert.deepEqual(warnings(result), [
      'Average test coverage across all Apex Classes and Triggers is 50%, at least 75% test coverage is required.',
    ]);
    const [coverage] = result.details.runTestResult.codeCoverage;
    assert.deepEqual([coverage.name, coverage.type, coverage.numLocations], ['Maths', 'Class', 4]);
    assert.deepEqual(
      coverage.locationsNotCovered.map(({ line }: any) => line),
      [4, 9],
    );
    assert.deepEqual(await at.query("SELECT Name FROM ApexClass WHERE Name = 'Maths'"), []);
  });

  test('runs all local tests of a package with Apex unless it is told otherwise', async () => {
    const result = await at.deploy(maths(HALF));
    assert.deepEqual([result.status, result.runTestsEnabled, result.numberTestsTotal], ['Failed', true, 1]);
  });

  test('runs none of a package without Apex', async () => {
    const label = `<?xml version="1.0" encoding="UTF-8"?><CustomLabels xmlns="http://soap.sforce.com/2006/04/metadata"><labels><fullName>Hi</fullName><language>en_US</language><protected>false</protected><shortDescription>Hi</shortDescription><value>Hi</value></labels></CustomLabels>`;
    const files = { 'package.xml': manifest({ CustomLabel: ['Hi'] }), 'labels/CustomLabels.labels': label };
    const result = await at.deploy(files);
    assert.deepEqual([result.status, result.runTestsEnabled], ['Succeeded', false]);
  });

  test('takes no deployment without tests', async () => {
    const [error] = await at.deploy(maths(MOST), { testLevel: 'NoTestRun' });
    assert.equal(error.message, 'testLevel of NoTestRun cannot be used in production organizations');
  });

  test('wants something of each trigger, however much of the rest is tested', async () => {
    const result = await at.deploy(withTrigger(MOST), LOCAL);
    assert.equal(result.status, 'Failed');
    assert.deepEqual(warnings(result), [
      'Test coverage of selected Apex Trigger is 0%, at least 1% test coverage is required.',
    ]);
    const [warning] = result.details.runTestResult.codeCoverageWarnings;
    assert.equal(warning.name, 'OnAccount');
  });

  test('takes what is tested, a rehearsal of it first', async () => {
    const files = withTrigger(`${MOST} insert new Account(Name = 'a');`);
    const rehearsal = await at.deploy(files, { ...LOCAL, checkOnly: true });
    assert.deepEqual([rehearsal.status, warnings(rehearsal)], ['Succeeded', []]);
    assert.deepEqual(await at.query("SELECT Name FROM ApexClass WHERE Name = 'Maths'"), []);
    assert.equal((await at.deploy(files, LOCAL)).status, 'Succeeded');
  });

  test('wants three quarters of each deployed class when the tests are named', async () => {
    const files = {
      'package.xml': manifest({ ApexClass: ['Other', 'OtherTest'] }),
      ...apexClass(
        'Other',
        'public class Other {\n  public static Integer one() {\n    return 1;\n  }\n  public static Integer two() {\n    return 2;\n  }\n}',
      ),
      ...apexClass(
        'OtherTest',
        '@IsTest\nprivate class OtherTest {\n  @IsTest\n  static void works() {\n    Other.one();\n  }\n}',
      ),
    };
    const named = await at.deploy(files, { testLevel: 'RunSpecifiedTests', runTests: ['OtherTest'] });
    assert.equal(named.status, 'Failed');
    assert.deepEqual(warnings(named), [
      'Test coverage of selected Apex Class is 50%, at least 75% test coverage is required.',
    ]);
    assert.equal((await at.deploy(files, LOCAL)).status, 'Succeeded', 'on average there is enough');
  });
});

test('an org that is not of production asks for no coverage', async () => {
  const at = openOrg();
  after(() => at.close());
  const result = await at.deploy(withTrigger('Maths.twice(1);'), LOCAL);
  assert.deepEqual([result.status, warnings(result)], ['Succeeded', []]);
  assert.deepEqual(
    result.details.runTestResult.codeCoverage.map(({ name, numLocationsNotCovered }: any) => [
      name,
      numLocationsNotCovered,
    ]),
    [
      ['Maths', 3],
      ['OnAccount', 1],
    ],
  );
});

test('an org that counts lines counts those of a class after its deployment, as they are now', async () => {
  const at = openOrg({ coverage: true });
  after(() => at.close());
  const run = (): unknown => {
    at.org.executeAnonymous('Maths.half(4);');
    return at.org.takeCoverage().map(({ name, covered }) => [name, covered]);
  };
  await at.deploy(maths(HALF));
  assert.deepEqual(run(), [['Maths', [3, 6]]]);
  await at.deploy({ 'package.xml': manifest({ ApexClass: ['Maths'] }), ...apexClass('Maths', `\n${MATHS}`) });
  assert.deepEqual(run(), [['Maths', [4, 7]]]);
});
