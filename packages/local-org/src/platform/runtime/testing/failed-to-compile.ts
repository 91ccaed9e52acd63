/** Test classes that do not compile fail their own tests, with the diagnostic, and no others. */
import type { Diagnostic, SourceUnit } from '../../../compiler/types.ts';
import type { Program } from '../program.ts';
import type { TestOutcome } from '../outcomes.ts';

const TEST_CLASS = /@istest\b[^{]*?\bclass\b/i;
const TEST_METHOD = /(?:@istest\b(?:\s*\([^)]*\))?|\btestmethod\b)[^;{}()]*\bvoid\s+(\w+)\s*\(/gi;
/** Reported when no method can be made out. */
const NO_METHOD = '<compile>';

export const failedToCompile = (
  program: Program,
  units: readonly SourceUnit[],
  classNames?: readonly string[],
): TestOutcome[] => {
  const wanted = classNames && new Set(classNames.map((name) => name.toLowerCase()));
  return units
    .filter((unit) => unit.kind === 'class' && (!wanted || wanted.has(unit.name.toLowerCase())))
    .filter((unit) => program.classModule(unit.name) === undefined && TEST_CLASS.test(unit.text))
    .flatMap((unit) => {
      const message = describe(program.diagnostics, unit);
      const methods = [...unit.text.matchAll(TEST_METHOD)].map((match) => match[1]!);
      return (methods.length > 0 ? methods : [NO_METHOD]).map((methodName) => ({
        className: unit.name,
        methodName,
        outcome: 'CompileFail' as const,
        message,
        stackTrace: null,
        runTime: 0,
      }));
    });
};

const describe = (diagnostics: readonly Diagnostic[], unit: SourceUnit): string => {
  const error = diagnostics.find((diagnostic) => diagnostic.path === unit.path && diagnostic.level === 'error');
  return error ? `${error.path}:${error.line}:${error.column} ${error.message}` : `${unit.path} does not compile`;
};
