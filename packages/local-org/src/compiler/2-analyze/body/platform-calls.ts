/** Calls of platform methods. */
import type { CallExpression } from '../../1-parse/ast.ts';
import type { CatalogueMethod } from '../../types.ts';
import type { Found } from '../catalogue-members.ts';
import type * as ir from '../ir.ts';
import { isEnum, type Type } from '../symbols.ts';
import { bindings } from '../types/ancestors.ts';
import type { Body } from './body.ts';
import { convert } from './convert.ts';
import { array, constant, local, ops, runtime, text, through } from './make.ts';
import { pick, type Candidate } from './overloads.ts';
import { checkSupported } from './platform-members.ts';
import { isDynamicQuery, localBinds } from './queries.ts';
import { objectToken, fieldToken } from './records.ts';

type PlatformCandidate = Candidate<Found<CatalogueMethod>>;

function candidates(b: Body, type: Type, name: string, isStatic: boolean): PlatformCandidate[] {
  return b.program.members.methods(type, name, isStatic).map((found) => {
    const bound = bindings(found.owner);
    return {
      parameters: found.member.parameters.map((parameter) => b.types.fromRef(parameter.type, bound)),
      member: found,
    };
  });
}

/** Methods that give back what they are called on, which the catalogue only knows as SObject. */
function resultType(b: Body, receiver: Type, { owner, member }: Found<CatalogueMethod>): Type {
  if (owner.kind === 'sobject' && member.name.toLowerCase() === 'clone') return receiver;
  return b.types.fromRef(member.returns, bindings(owner));
}

function convertedArguments(b: Body, candidate: PlatformCandidate, args: ir.Expression[]): ir.Expression[] {
  return args.map((arg, i) => convert(b, arg, candidate.parameters[i]!, arg));
}

/** The call of a method of Exception, which the exception's own class may have overridden. */
function exceptionCall(b: Body, call: ir.PlatformCall, target: ir.Expression): ir.Expression {
  const { line, column, type, name, args } = call;
  const member = `${name}$${args.length}`;
  if (call.owner !== 'exception' || !b.program.exceptionOverrides.has(member)) return call;
  const variable = b.temporary(target.type);
  const held = local(call, variable);
  const body: ir.Conditional = {
    kind: 'conditional',
    line,
    column,
    type,
    test: ops(call, b.types.boolean, 'hasMember', held, text(b, call, member)),
    then: runtime(call, type, 'call', held, text(b, call, name), array(b, call, args)),
    else: { ...call, target: held },
  };
  return { kind: 'let', line, column, type, bindings: [{ variable, value: target }], body };
}

/** Null when the type has no such method. */
export function platformInstanceCall(
  b: Body,
  e: CallExpression,
  target: ir.Expression,
  args: ir.Expression[],
): ir.Expression | null {
  const found = pick(b, candidates(b, target.type, e.name, false), args);
  if (found === null) return null;
  const { owner, member } = found.member;
  const name = member.name.toLowerCase();
  const type = resultType(b, target.type, found.member);
  const converted = convertedArguments(b, found, args);
  const key = `${owner.key}.m.${name}`;
  if (owner.platform?.kind === 'interface' && !b.program.supported.has(key)) {
    return through(b, target, e.safe, (receiver) =>
      runtime(e, type, 'call', receiver, text(b, e, member.name), array(b, e, converted)),
    );
  }
  checkSupported(b, e, key, `${owner.ref}.${member.name}`);
  return through(b, target, e.safe, (receiver) => {
    const { line, column } = e;
    const call: ir.PlatformCall = {
      kind: 'platformCall',
      line,
      column,
      type,
      owner: owner.key,
      name,
      target: receiver,
      args: converted,
    };
    return e.target?.kind === 'super' ? call : exceptionCall(b, call, receiver);
  });
}

/** `String.valueOf(Object)` shows a day otherwise than `String.valueOf(Date)`: the value alone does not tell. */
const isTextOfObject = (owner: string, { name, parameters }: CatalogueMethod): boolean =>
  owner === 'string' && name.toLowerCase() === 'valueof' && parameters[0]?.type === 'Object';

export function platformStaticCall(
  b: Body,
  e: CallExpression,
  type: Type,
  args: ir.Expression[],
): ir.Expression | null {
  const found = pick(b, candidates(b, type, e.name, true), args);
  if (found === null || isEnum(type)) return null;
  const { owner, member } = found.member;
  const name = member.name.toLowerCase();
  checkSupported(b, e, `${owner.key}.s.${name}`, `${owner.ref}.${member.name}`);
  const converted = convertedArguments(b, found, args);
  if (isDynamicQuery(owner.key, name)) converted.push(localBinds(b, e, args[0]));
  if (isTextOfObject(owner.key, member)) converted.push(constant(e, b.types.boolean, true));
  return {
    kind: 'platformCall',
    line: e.line,
    column: e.column,
    type: b.types.fromRef(member.returns, bindings(owner)),
    owner: owner.key,
    name,
    target: null,
    args: converted,
  };
}

/** Static methods of custom metadata types and custom settings, by the type they return. */
const RECORD_STATICS: Record<string, (b: Body, type: Type) => Type> = {
  getinstance: (_, type) => type,
  getorgdefaults: (_, type) => type,
  getvalues: (_, type) => type,
  getall: (b, type) => b.types.map(b.types.string, type),
};

/** `Gate__mdt.getInstance('Default')`: the object's name comes first. */
export function recordStaticCall(b: Body, e: CallExpression, type: Type, args: ir.Expression[]): ir.Expression | null {
  const name = e.name.toLowerCase();
  if (name === 'getsobjecttype' && args.length === 0 && type.object !== null) return objectToken(b, e, type.object);
  const result = RECORD_STATICS[name];
  if (result === undefined) return null;
  checkSupported(b, e, `sobject.s.${name}`, `${type.ref}.${e.name}`);
  return {
    kind: 'platformCall',
    line: e.line,
    column: e.column,
    type: result(b, type),
    owner: 'sobject',
    name,
    target: null,
    args: [text(b, e, type.ref), ...args],
  };
}

/** `record.Field.addError('…')` marks the field, not the value: the record and the field's token are what counts. */
export function fieldErrorCall(
  b: Body,
  e: CallExpression,
  target: ir.Expression,
  args: ir.Expression[],
): ir.Expression | null {
  if (
    e.name.toLowerCase() !== 'adderror' ||
    target.kind !== 'recordField' ||
    target.access !== 'sget' ||
    args.length === 0
  )
    return null;
  checkSupported(b, e, 'sobject.m.adderror', 'SObject.addError');
  const { object } = target.target.type;
  const field = object === null ? text(b, e, target.name) : fieldToken(b, e, object, target.name);
  return {
    kind: 'platformCall',
    line: e.line,
    column: e.column,
    type: b.types.void,
    owner: 'sobject',
    name: 'adderror',
    target: target.target,
    args: [field, ...args],
  };
}
