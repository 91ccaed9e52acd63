/** The body of POST /tooling/runTestsSynchronous. */
import type { Call } from '../call.ts';
import { apiError } from '../errors.ts';
import { asText, isObject, parseJsonObject, type Json } from '../json-body.ts';

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
