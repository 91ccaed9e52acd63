/** The result of an Apex test run in the shape of `sf apex run test --result-format json`. */
import { recordId } from '../src/store/ids/record-id.ts';
import type { ApexTestOutcome, ApexTestRun, OrgInfo } from '../src/types.ts';

/** What sf answers as status when a test failed. */
const FAILED_STATUS = 100;

export interface TestReportInput {
  run: ApexTestRun;
  info: OrgInfo;
  hostname: string;
  /** Lower-cased name of a class or trigger to its id. */
  codeIds: ReadonlyMap<string, string>;
  startedAt: number;
  /** Milliseconds that the whole command took. */
  commandTime: number;
}

const percent = (part: number, whole: number): string => `${whole === 0 ? 0 : Math.round((part / whole) * 100)}%`;
const ms = (time: number): string => `${Math.round(time)} ms`;

export const testReport = ({ run, info, hostname, codeIds, startedAt, commandTime }: TestReportInput) => {
  const { outcomes } = run;
  const count = (...kinds: ApexTestOutcome['outcome'][]): number =>
    outcomes.filter(({ outcome }) => kinds.includes(outcome)).length;
  const [passing, failing, skipped] = [count('Pass'), count('Fail', 'CompileFail'), count('Skip')];
  const testRunId = recordId('707', 1);
  const coverage = run.coverage && coverageReport(run.coverage, codeIds);
  return {
    status: failing > 0 ? FAILED_STATUS : 0,
    result: {
      summary: {
        failRate: percent(failing, outcomes.length),
        failing,
        hostname,
        orgId: info.orgId,
        outcome: failing > 0 ? 'Failed' : 'Passed',
        passing,
        passRate: percent(passing, outcomes.length),
        skipped,
        testRunId,
        testStartTime: new Date(startedAt).toISOString(),
        testsRan: outcomes.length,
        userId: info.userId,
        username: info.username,
        commandTime: ms(commandTime),
        testExecutionTime: ms(run.totalTime),
        testTotalTime: ms(run.totalTime),
        ...(coverage
          ? { orgWideCoverage: coverage.summary.orgWideCoverage, testRunCoverage: coverage.summary.orgWideCoverage }
          : {}),
      },
      tests: outcomes.map(({ className, methodName, outcome, message, stackTrace, runTime }, index) => ({
        Id: recordId('07M', index + 1),
        QueueItemId: recordId('709', index + 1),
        StackTrace: stackTrace,
        Message: message,
        AsyncApexJobId: testRunId,
        MethodName: methodName,
        Outcome: outcome,
        ApexClass: { Id: codeIds.get(className.toLowerCase()) ?? null, Name: className, NamespacePrefix: null },
        RunTime: Math.round(runTime),
        FullName: `${className}.${methodName}`,
      })),
      ...(coverage ? { coverage } : {}),
    },
    warnings: [] as string[],
  };
};

export type TestReport = ReturnType<typeof testReport>;

const coverageReport = (coverage: NonNullable<ApexTestRun['coverage']>, codeIds: ReadonlyMap<string, string>) => {
  const classes = coverage.map(({ name, covered, uncovered }) => ({
    id: codeIds.get(name.toLowerCase()) ?? null,
    name,
    totalLines: covered.length + uncovered.length,
    lines: Object.fromEntries([...covered.map((line) => [line, 1]), ...uncovered.map((line) => [line, 0])]) as Record<
      string,
      number
    >,
    totalCovered: covered.length,
    coveredPercent: Math.round((covered.length / Math.max(1, covered.length + uncovered.length)) * 100),
  }));
  const totalLines = classes.reduce((sum, { totalLines: lines }) => sum + lines, 0);
  const coveredLines = classes.reduce((sum, { totalCovered }) => sum + totalCovered, 0);
  return {
    coverage: classes,
    records: [],
    summary: { totalLines, coveredLines, orgWideCoverage: percent(coveredLines, totalLines) },
  };
};

/** For people: what failed and why, and a closing line. */
export const testSummary = ({ result: { summary, tests } }: TestReport): string => {
  const failures = tests.filter(({ Outcome }) => Outcome === 'Fail' || Outcome === 'CompileFail');
  const details = failures.flatMap(({ FullName, Message, StackTrace }) => [
    `✗ ${FullName}`,
    ...[Message, StackTrace].flatMap((text) =>
      (text ?? '').split('\n').flatMap((line) => (line ? [`    ${line}`] : [])),
    ),
  ]);
  const skipped = summary.skipped > 0 ? `, ${summary.skipped} skipped` : '';
  const closing = `${summary.outcome}: ${summary.testsRan} tests, ${summary.passing} passed, ${summary.failing} failed${skipped} in ${summary.testExecutionTime}`;
  return [...details, closing, ''].join('\n');
};
