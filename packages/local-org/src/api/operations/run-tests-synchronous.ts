/** POST /tooling/runTestsSynchronous: runs Apex tests and answers what became of each method. */
import type { ApexTestOutcome } from '../../types.ts';
import type { Call, Operation } from '../call.ts';
import { testRunRequest } from '../validations/test-run-request.ts';
import { requireUserPermission } from '../validations/user-permission.ts';

export const runTestsSynchronous: Operation = {
  method: 'POST',
  path: '/tooling/runTestsSynchronous',
  run(call) {
    requireUserPermission(call.deps.store, call.userId, 'ViewSetup');
    const { classNames, methods, coverage } = testRunRequest(call);
    const run = call.deps.apex.runTests({ classNames, coverage });
    const outcomes = run.outcomes.filter(({ className, methodName }) => {
      const wanted = methods.get(className.toLowerCase());
      return !wanted || wanted.has(methodName.toLowerCase());
    });
    const ids = classIds(call, outcomes);
    const successes = outcomes.filter(({ outcome }) => outcome === 'Pass');
    const failures = outcomes.filter(({ outcome }) => outcome === 'Fail' || outcome === 'CompileFail');
    return {
      status: 200,
      body: {
        apexLogId: null,
        codeCoverage: (run.coverage ?? []).map(({ name, covered, uncovered }) => ({
          name,
          namespace: null,
          numLocations: covered.length + uncovered.length,
          numLocationsNotCovered: uncovered.length,
          locationsNotCovered: uncovered.map((line) => ({ line, column: 0, numExecutions: 0, time: -1 })),
          type: 'Class',
        })),
        codeCoverageWarnings: [],
        failures: failures.map((outcome) => ({
          ...common(outcome, ids),
          message: outcome.message,
          stackTrace: outcome.stackTrace,
          packageName: outcome.className,
          type: 'Class',
        })),
        numFailures: failures.length,
        numTestsRun: successes.length + failures.length,
        successes: successes.map((outcome) => common(outcome, ids)),
        totalTime: run.totalTime,
      },
    };
  },
};

const common = ({ className, methodName, runTime }: ApexTestOutcome, ids: Map<string, string | null>) => ({
  id: ids.get(className.toLowerCase()) ?? null,
  methodName,
  name: className,
  namespace: null,
  seeAllData: false,
  time: runTime,
});

/** Ids of the classes, by lower-cased name. */
const classIds = (call: Call, outcomes: ApexTestOutcome[]): Map<string, string | null> => {
  const names = [...new Set(outcomes.map(({ className }) => className))];
  const { rows } = call.deps.store.query('SELECT Id, Name FROM ApexClass WHERE Name IN :names', {
    access: { ...call.access, mode: 'system', sharing: false },
    binds: { names },
  });
  return new Map(rows.map(({ id, values }) => [String(values.get('Name')).toLowerCase(), id]));
};
