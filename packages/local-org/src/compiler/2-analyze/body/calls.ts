/** Method calls: which method is meant, by what kind of thing stands before the dot. */
import type { CallExpression, Expression } from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import {
  enclosing,
  lineage,
  signature,
  type MethodSymbol,
  type UserType,
  isEnum,
  isList,
  isRecord,
  type Type,
} from '../symbols.ts';
import { allInterfaces, isException } from '../types/ancestors.ts';
import { fieldErrorCall, platformInstanceCall, platformStaticCall, recordStaticCall } from './platform-calls.ts';
import type { Body } from './body.ts';
import { convert, isQuery } from './convert.ts';
import { enumInstanceCall, enumStaticCall } from './enums.ts';
import { analyzeExpression } from './expression.ts';
import { broken, ops, through } from './make.ts';
import { analyzeOperand, typeOrNamespace } from './names.ts';
import { pick, type Candidate, isVisible } from './overloads.ts';
import { thisOf } from './user-fields.ts';

/** Own and inherited methods; for abstract classes and interfaces those of their interfaces too. */
function* methodsOf(b: Body, type: UserType, key: string): Generator<Candidate<MethodSymbol>> {
  const sources = [...lineage(type), ...allInterfaces(b.types, type.type).flatMap((iface) => iface.user ?? [])];
  for (const source of sources) {
    for (const method of source.methods.get(key) ?? []) {
      yield { parameters: method.parameters.map((parameter) => parameter.type), member: method };
    }
  }
}

function unknown(b: Body, e: CallExpression, args: readonly ir.Expression[], owner: string): ir.Expression {
  if (!args.some((arg) => arg.type.kind === 'error'))
    b.report(e, 'UNKNOWN_METHOD', 'void', signature(e.name, args), owner);
  return broken(b, e);
}

function userCall(
  b: Body,
  e: CallExpression,
  candidate: Candidate<MethodSymbol>,
  target: ir.UserCall['target'],
  args: ir.Expression[],
): ir.Expression {
  const method = candidate.member;
  if (!isVisible(b, method)) b.report(e, 'NOT_VISIBLE_METHOD', signature(method.name, method.parameters));
  return {
    kind: 'userCall',
    line: e.line,
    column: e.column,
    type: method.returns,
    method,
    target: method.static ? null : target,
    args: args.map((arg, i) => convert(b, arg, candidate.parameters[i]!, arg)),
  };
}

/** `foo(1)`: own and inherited methods, then static ones of the enclosing classes. */
function implicitCall(b: Body, e: CallExpression, args: ir.Expression[]): ir.Expression {
  for (const type of enclosing(b.self)) {
    const own = type === b.self;
    const candidates = [...methodsOf(b, type, e.name.toLowerCase())].filter(({ member }) => own || member.static);
    const found = pick(b, candidates, args);
    if (found === null) continue;
    if (!found.member.static && b.options.static) {
      b.report(e, 'STATIC_NEEDED', 'method', signature(e.name, found.member.parameters));
      return broken(b, e);
    }
    return userCall(b, e, found, thisOf(b, e), args);
  }
  if (b.self.superclass !== null && !b.options.static) {
    const inherited = platformInstanceCall(b, e, thisOf(b, e), args);
    if (inherited !== null) return inherited;
  }
  return unknown(b, e, args, b.self.name);
}

/** What Object itself does, for classes that override it and call it. */
const BASE_METHODS: Record<string, { name: string; result: 'string' | 'boolean' | 'integer' }> = {
  tostring$0: { name: 'baseToString', result: 'string' },
  equals$1: { name: 'baseEquals', result: 'boolean' },
  hashcode$0: { name: 'baseHashCode', result: 'integer' },
};

function superCall(b: Body, e: CallExpression, args: ir.Expression[]): ir.Expression {
  const { superclass } = b.self;
  if (superclass?.user) {
    const found = pick(b, methodsOf(b, superclass.user, e.name.toLowerCase()), args);
    if (found !== null) {
      if (found.member.abstract) b.report(e, 'SUPER_ABSTRACT', signature(e.name, found.member.parameters));
      return userCall(b, e, found, found.member.static ? null : 'super', args);
    }
  }
  const base = BASE_METHODS[`${e.name.toLowerCase()}$${args.length}`];
  if (base !== undefined && !isException(b.types, b.self.type))
    return ops(e, b.types[base.result], base.name, thisOf(b, e), ...args);
  return platformInstanceCall(b, e, thisOf(b, e), args) ?? unknown(b, e, args, superclass?.ref ?? 'Object');
}

function instanceCall(b: Body, e: CallExpression, target: ir.Expression, args: ir.Expression[]): ir.Expression | null {
  const { type } = target;
  if (type.kind === 'error') return broken(b, e);
  if (type.user !== null) {
    const found = pick(b, methodsOf(b, type.user, e.name.toLowerCase()), args);
    if (found !== null) {
      if (found.member.static) {
        const hidden = e.target === null ? null : shadowedCall(b, e, e.target, args);
        if (hidden !== null) return hidden;
        b.report(e, 'STATIC_THROUGH_INSTANCE', 'method', signature(e.name, found.member.parameters));
      }
      return through(b, target, e.safe, (receiver) => userCall(b, e, found, receiver, args));
    }
    // Every object of a class has it.
    if (e.name.toLowerCase() === 'clone' && args.length === 0)
      return through(b, target, e.safe, (receiver) => ops(e, type, 'cloneObject', receiver));
  }
  if (isEnum(type)) {
    const call = enumInstanceCall(b, e, target, args);
    if (call !== null) return call;
  }
  const call = platformInstanceCall(b, e, target, args);
  if (call !== null) return call;
  if (isQuery(target) && isList(type) && isRecord(type.args[0]!)) {
    return instanceCall(b, e, { ...target, name: 'soqlOne', type: type.args[0]! }, args);
  }
  return null;
}

function staticCall(b: Body, e: CallExpression, type: Type, args: ir.Expression[]): ir.Expression | null {
  if (type.user !== null) {
    const found = pick(b, methodsOf(b, type.user, e.name.toLowerCase()), args);
    if (found !== null) {
      if (!found.member.static) {
        // `Outer.method()` from within the class itself is an ordinary call.
        const within = !b.options.static && lineage(b.self).some((ancestor) => ancestor === type.user);
        if (!within) b.report(e, 'STATIC_NEEDED', 'method', signature(e.name, found.member.parameters));
        return userCall(b, e, found, thisOf(b, e), args);
      }
      return userCall(b, e, found, null, args);
    }
  }
  if (isEnum(type)) {
    const call = enumStaticCall(b, e, type, args);
    if (call !== null) return call;
  }
  return type.kind === 'sobject' ? recordStaticCall(b, e, type, args) : platformStaticCall(b, e, type, args);
}

export function analyzeArguments(b: Body, args: CallExpression['arguments']): ir.Expression[] {
  return args.map((arg) => {
    const value = analyzeExpression(b, arg);
    if (value.type.kind === 'void') {
      b.report(arg, 'VOID_VALUE');
      return broken(b, arg);
    }
    return value;
  });
}

export function analyzeCall(b: Body, e: CallExpression): ir.Expression {
  const { target } = e;
  if (target === null) return implicitCall(b, e, analyzeArguments(b, e.arguments));
  const operand = analyzeOperand(b, target);
  const args = analyzeArguments(b, e.arguments);
  switch (operand.kind) {
    case 'super':
      return superCall(b, e, args);
    case 'type':
      return staticCall(b, e, operand.type, args) ?? unknown(b, e, args, operand.type.ref);
    case 'value':
      return (
        fieldErrorCall(b, e, operand.value, args) ??
        instanceCall(b, e, operand.value, args) ??
        shadowedCall(b, e, target, args) ??
        unknown(b, e, args, operand.value.type.ref)
      );
    case 'describe':
    case 'describeFields':
      return instanceCall(b, e, operand.value, args) ?? unknown(b, e, args, operand.value.type.ref);
    default:
      return unknown(b, e, args, operand.kind === 'namespace' ? operand.name : 'Label');
  }
}

/** A variable may hide a type of the same name: the type's static methods are tried next. */
function shadowedCall(b: Body, e: CallExpression, target: Expression, args: ir.Expression[]): ir.Expression | null {
  const hidden = target.kind === 'name' ? typeOrNamespace(b, target.name) : null;
  return hidden?.kind === 'type' ? staticCall(b, e, hidden.type, args) : null;
}
