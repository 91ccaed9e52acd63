import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testReport, testSummary } from '../../cli/test-report.ts';
import type { ApexTestRun } from '../../src/types.ts';

const run: ApexTestRun = {
  outcomes: [
    { className: 'GoodTest', methodName: 'adds', outcome: 'Pass', message: null, stackTrace: null, runTime: 12.4 },
    {
      className: 'BadTest',
      methodName: 'fails',
      outcome: 'Fail',
      message: 'Assertion Failed',
      stackTrace: 'Class.BadTest.fails: line 3, column 1',
      runTime: 5,
    },
    {
      className: 'BrokenTest',
      methodName: '<compile>',
      outcome: 'CompileFail',
      message: 'Variable does not exist: x',
      stackTrace: null,
      runTime: 0,
    },
  ],
  totalTime: 17.4,
  coverage: [{ name: 'Good', kind: 'class', covered: [1, 2, 3], uncovered: [4] }],
};
const info = { orgId: '00D000000000001AAA', userId: '005000000000001AAA', username: 'a@b.c', accessToken: 'secret' };
const report = testReport({
  run,
  info,
  hostname: 'http://127.0.0.1:1',
  codeIds: new Map([
    ['goodtest', '01p000000000001AAA'],
    ['good', '01p000000000002AAA'],
  ]),
  startedAt: Date.UTC(2026, 0, 1),
  commandTime: 20,
});

test("has the shape of the command line's JSON result", () => {
  assert.equal(report.status, 100);
  const { summary, tests } = report.result;
  assert.deepEqual(
    { ...summary },
    {
      failRate: '67%',
      failing: 2,
      hostname: 'http://127.0.0.1:1',
      orgId: info.orgId,
      outcome: 'Failed',
      passing: 1,
      passRate: '33%',
      skipped: 0,
      testRunId: summary.testRunId,
      testStartTime: '2026-01-01T00:00:00.000Z',
      testsRan: 3,
      userId: info.userId,
      username: 'a@b.c',
      commandTime: '20 ms',
      testExecutionTime: '17 ms',
      testTotalTime: '17 ms',
      orgWideCoverage: '75%',
      testRunCoverage: '75%',
    },
  );
  assert.deepEqual(tests[0], {
    Id: tests[0]!.Id,
    QueueItemId: tests[0]!.QueueItemId,
    StackTrace: null,
    Message: null,
    AsyncApexJobId: summary.testRunId,
    MethodName: 'adds',
    Outcome: 'Pass',
    ApexClass: { Id: '01p000000000001AAA', Name: 'GoodTest', NamespacePrefix: null },
    RunTime: 12,
    FullName: 'GoodTest.adds',
  });
  assert.match(tests[0].Id, /^07M\w{15}$/);
  assert.doesNotMatch(JSON.stringify(report), /secret/);
});

test('tells per line what was covered', () => {
  assert.deepEqual(report.result.coverage?.coverage[0], {
    id: '01p000000000002AAA',
    name: 'Good',
    totalLines: 4,
    lines: { 1: 1, 2: 1, 3: 1, 4: 0 },
    totalCovered: 3,
    coveredPercent: 75,
  });
});

test('sums up for people, failures first', () => {
  assert.equal(
    testSummary(report),
    [
      '✗ BadTest.fails',
      '    Assertion Failed',
      '    Class.BadTest.fails: line 3, column 1',
      '✗ BrokenTest.<compile>',
      '    Variable does not exist: x',
      'Failed: 3 tests, 1 passed, 2 failed in 17 ms',
      '',
    ].join('\n'),
  );
});
