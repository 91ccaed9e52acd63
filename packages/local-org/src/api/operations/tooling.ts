/** /tooling: anonymous Apex and test runs. */
import type { ApexTestOutcome } from '../../types.ts';
import type { Operation, Call } from '../call.ts';
import { codeCoverage } from '../deployments/coverage.ts';
import { apiError } from '../errors.ts';
import { asText, isObject, parseJsonObject, type Json } from '../json-body.ts';
import { codeIds } from '../records/code-ids.ts';
import { requireUserPermission } from '../validations/user-permission.ts';

const RESOURCES = ['executeAnonymous', 'query', 'runTestsSynchronous'];

/** GET /tooling: where the Tooling API's resources are. */
export const toolingResources: Operation = {
  method: 'GET',
  path: '/tooling',
  run: (call) => ({
    status: 200,
    body: Object.fromEntries(RESOURCES.map((name) => [name, `${call.base}/tooling/${name}`])),
  }),
};

/** GET /tooling/executeAnonymous?anonymousBody=…: compiles and runs a piece of Apex. */
export const toolingExecuteAnonymous: Operation = {
  method: 'GET',
  path: '/tooling/executeAnonymous',
  run(call) {
    requireUserPermission(call.deps.store, call.userId, 'AuthorApex');
    const apex = call.query.get('anonymousBody');
    if (apex === null) throw apiError('MISSING_ARGUMENT', 'The parameter anonymousBody is required');
    const { log: _log, ...result } = call.deps.apex.executeAnonymous(apex, call.userId);
    return { status: 200, body: result };
  },
};

/** POST /tooling/runTestsSynchronous: runs Apex tests and answers what became of each method. */
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
    const ids = codeIds(call.deps, call.userId, [
      ...new Set([...outcomes.map(({ className }) => className), ...(run.coverage ?? []).map(({ name }) => name)]),
    ]);
    const successes = outcomes.filter(({ outcome }) => outcome === 'Pass');
    const failures = outcomes.filter(({ outcome }) => outcome === 'Fail' || outcome === 'CompileFail');
    return {
      status: 200,
      body: {
        apexLogId: null,
        codeCoverage: codeCoverage(run.coverage ?? [], ids).map((each) => ({ ...each, namespace: null })),
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

/** The body of POST /tooling/runTestsSynchronous. */
export interface TestRunRequest {
  classNames: string[];
  /** Lower-cased class name to the lower-cased methods asked for; a class that is not in it runs all its methods. */
  methods: Map<string, Set<string>>;
  coverage: boolean;
}

export const testRunRequest = (call: Call): TestRunRequest => {
  const { tests, classNames, classids, skipCodeCoverage } = parseJsonObject(call.body);
  const listed = Array.isArray(tests) ? tests.filter(isObject) : [];
  const names = [
    ...listed.map(({ className, classId }) => nameOf(call, className, classId)),
    ...words(classNames),
    ...words(classids).map((id) => nameOf(call, undefined, id)),
  ];
  if (names.length === 0) {
    throw apiError('INVALID_INPUT', 'Give the classes to run: tests with className or classId, classNames or classids');
  }
  const methods = new Map<string, Set<string>>();
  listed.forEach(({ testMethods }, index) => {
    if (!Array.isArray(testMethods) || testMethods.length === 0) return;
    methods.set(names[index]!.toLowerCase(), new Set(testMethods.map((name) => asText(name).toLowerCase())));
  });
  return { classNames: names, methods, coverage: skipCodeCoverage === false || skipCodeCoverage === 'false' };
};

/** `"A, B"` */
const words = (list: Json | undefined): string[] =>
  typeof list === 'string' ? list.split(',').flatMap((word) => word.trim() || []) : [];

const nameOf = (call: Call, name: Json | undefined, id: Json | undefined): string => {
  if (typeof name === 'string') return name;
  const { store } = call.deps;
  const normal = typeof id === 'string' ? store.normalizeId(id) : null;
  const found = normal ? store.read('ApexClass', [normal])[0]?.values.get('Name') : undefined;
  if (typeof found === 'string') return found;
  throw apiError('INVALID_INPUT', `No Apex class has the id ${asText(id)}`);
};
