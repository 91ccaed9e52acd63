/** The Apex test runner: each method in a transaction that is rolled back, on data of its own. */
import type { SourceUnit } from '../../../compiler/types.ts';
import type { Transaction } from '../../../store/types.ts';
import { chargingTo } from '../../values/index.ts';
import { refreshSubscriptions } from '../events/subscriptions.ts';
import type { OrgContext } from '../org-context.ts';
import { accountOf, withDeepStacks } from '../run-transaction.ts';
import { RuntimeCore } from '../runtime.ts';
import { ApexTransaction } from '../transaction.ts';
import { describeUncaught } from '../uncaught.ts';
import { CoverageRecord } from './coverage.ts';
import { failedToCompile } from './failed-to-compile.ts';
import { findTests, type TestClass } from './find-tests.ts';
import type { ClassCoverage, TestOutcome } from '../outcomes.ts';
import { TestState } from './test-state.ts';

export interface TestRunResult {
  outcomes: TestOutcome[];
  /** Milliseconds. */
  totalTime: number;
  coverage?: ClassCoverage[];
}

export interface TestRunOptions {
  classNames?: readonly string[];
  coverage?: boolean;
}

/** Runs the tests on isolated copies of the org: nothing they do reaches its records, its queue or its events. */
export const runTests = (
  org: OrgContext,
  units: readonly SourceUnit[],
  options: TestRunOptions = {},
): TestRunResult => {
  const began = org.clock.now();
  const coverage = options.coverage === true ? new CoverageRecord(org.program) : null;
  const failed = failedToCompile(org.program, units, options.classNames);
  const tests = findTests(org.program, options.classNames);
  const ran = [false, true].flatMap((seeAllData) =>
    onData(
      org,
      tests.flatMap((test) => withMethods(test, seeAllData)),
      seeAllData,
      coverage,
    ),
  );
  const result = { outcomes: [...failed, ...ran], totalTime: org.clock.now() - began };
  return coverage === null ? result : { ...result, coverage: coverage.result() };
};

/** The class with only those of its methods that see all data, or do not. */
const withMethods = (test: TestClass, seeAllData: boolean): TestClass[] => {
  const methods = test.methods.filter((method) => method.seeAllData === seeAllData);
  return methods.length === 0 ? [] : [{ ...test, methods }];
};

/** Runs classes on a copy of the set-up data, or, with SeeAllData, on the org's own; each in a transaction that is undone. */
const onData = (
  org: OrgContext,
  tests: readonly TestClass[],
  seeAllData: boolean,
  coverage: CoverageRecord | null,
): TestOutcome[] => {
  if (tests.length === 0) return [];
  const isolated = seeAllData ? org : { ...org, store: org.store.isolatedCopy() };
  try {
    return tests.flatMap((test) => {
      const transaction = isolated.store.begin();
      try {
        if (!seeAllData) refreshSubscriptions(isolated.store, isolated.program);
        return runClass(isolated, transaction, test, coverage);
      } finally {
        transaction.rollback();
      }
    });
  } finally {
    if (!seeAllData) isolated.store.close();
  }
};

const runClass = (
  org: OrgContext,
  transaction: Transaction,
  { type, setup, methods }: TestClass,
  coverage: CoverageRecord | null,
): TestOutcome[] => {
  const run = (member: string): Failure | null => runMethod(org, transaction, type.name, member, coverage);
  for (const method of setup) {
    const failure = run(method.member);
    // A failing set-up fails every test of the class.
    if (failure !== null)
      return methods.map((test) => outcome(type.name, test.method.name, { ...failure, runTime: 0 }));
  }
  return methods.map(({ method }) => {
    const savepoint = transaction.savepoint();
    const began = org.clock.now();
    const failure = run(method.member);
    transaction.rollbackTo(savepoint);
    return outcome(type.name, method.name, { ...(failure ?? PASSED), runTime: org.clock.now() - began });
  });
};

interface Failure {
  message: string | null;
  stackTrace: string | null;
}

const PASSED: Failure = { message: null, stackTrace: null };

const outcome = (className: string, methodName: string, result: Failure & { runTime: number }): TestOutcome => ({
  className,
  methodName,
  outcome: result.message === null ? 'Pass' : 'Fail',
  ...result,
});

/** Runs one static method with fresh static variables and limits; answers why it failed, or null. */
const runMethod = (
  org: OrgContext,
  transaction: Transaction,
  className: string,
  member: string,
  coverage: CoverageRecord | null,
): Failure | null => {
  const core = new RuntimeCore(
    new ApexTransaction(org, transaction, { userId: org.defaultUserId, quiddity: 'RUNTEST_SYNC' }),
  );
  core.test = new TestState(core);
  core.coverage = coverage?.lines ?? null;
  try {
    chargingTo(accountOf(core.transaction), () =>
      withDeepStacks(() => {
        core.loader.get(className)[member]();
      }),
    );
    return null;
  } catch (error) {
    const { text, stack } = describeUncaught(org.program, error);
    return { message: text, stackTrace: stack };
  }
};
