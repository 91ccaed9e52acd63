/** The tests of a project, from what the compiler says of its classes. */
import type { AnnotationInfo, ClassInfo, MethodInfo } from '../../../compiler/types.ts';
import { hasAnnotation, type Program } from '../program.ts';

export interface TestClass {
  type: ClassInfo;
  setup: MethodInfo[];
  methods: { method: MethodInfo; seeAllData: boolean }[];
}

/** Test classes by name, all when none are named. */
export const findTests = (program: Program, classNames?: readonly string[]): TestClass[] => {
  const wanted = classNames && new Set(classNames.map((name) => name.toLowerCase()));
  return program
    .classes()
    .filter((type) => hasAnnotation(type, 'istest') && (!wanted || wanted.has(type.name.toLowerCase())))
    .map(testClass)
    .filter(({ methods }) => methods.length > 0);
};

const testClass = (type: ClassInfo): TestClass => ({
  type,
  setup: type.methods.filter((method) => hasAnnotation(method, 'testsetup')),
  methods: type.methods
    .filter((method) => method.static && (hasAnnotation(method, 'istest') || method.modifiers.includes('testmethod')))
    .map((method) => ({
      method,
      seeAllData: seesAllData(method.annotations) ?? seesAllData(type.annotations) ?? false,
    })),
});

const seesAllData = (annotations: AnnotationInfo[]): boolean | null => {
  const value = annotations.find((annotation) => annotation.name === 'istest')?.parameters['seealldata'];
  return value === undefined ? null : String(value).toLowerCase() === 'true';
};
