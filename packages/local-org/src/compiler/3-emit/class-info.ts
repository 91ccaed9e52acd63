/** What the platform is told of a class: tests, Apex REST, invocable methods, type tests. */
import type { Modifiers } from '../1-parse/ast.ts';
import type { Program } from '../2-analyze/program.ts';
import type { UserType } from '../2-analyze/symbols.ts';
import { allInterfaces } from '../2-analyze/types/ancestors.ts';
import type { AnnotationInfo, ClassInfo, MethodInfo } from '../types.ts';

const annotations = (modifiers: Modifiers): AnnotationInfo[] =>
  modifiers.annotations.map(({ name, parameters }) => ({ name, parameters }));

function methodInfos(type: UserType): MethodInfo[] {
  return [...type.methods.values()].flat().map((method) => ({
    name: method.name,
    static: method.static,
    member: method.member,
    annotations: annotations(method.declaration.modifiers),
    parameters: method.parameters.map((parameter) => ({ name: parameter.name, type: parameter.type.ref })),
    returns: method.returns.ref,
    line: method.declaration.line,
    modifiers: method.declaration.modifiers.words,
  }));
}

export function classInfo(program: Program, type: UserType): ClassInfo {
  return {
    name: type.name,
    kind: type.kind,
    ...(type.superclass === null ? {} : { superclass: type.superclass.ref }),
    interfaces: allInterfaces(program.types, type.type).map((iface) => iface.ref),
    sharing: type.sharing,
    annotations: annotations(type.declaration.modifiers),
    methods: methodInfos(type),
    inner: [...type.inner.values()].map((inner) => classInfo(program, inner)),
    line: type.declaration.line,
    modifiers: type.declaration.modifiers.words,
  };
}
