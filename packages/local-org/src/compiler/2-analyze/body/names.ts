/** Names and dotted chains of names: variables before types before namespaces, as Apex looks them up. */
import type { Expression, MemberExpression, NameExpression, Position } from '../../1-parse/ast.ts';
import type { ObjectDescription } from '../../types.ts';
import { platformType, visibleType, innerType } from '../resolve-type.ts';
import { isList, isRecord, type Type } from '../symbols.ts';
import type { Body } from './body.ts';
import { isQuery } from './convert.ts';
import { analyzeExpression } from './expression.ts';
import { broken, local, receiver, runtime, text } from './make.ts';
import { value } from './operand.ts';
import type { Operand } from './operand.ts';
import { checkSupported, platformField, platformStatic } from './platform-members.ts';
import { fieldToken, objectToken, readRecord, recordMember, recordStatic } from './records.ts';
import { checkReadable, implicitField, instanceField, staticField, thisOf } from './user-fields.ts';
import { isVisible } from './overloads.ts';
import type * as ir from '../ir.ts';

/** First parts of qualified names that are types themselves or only lead to types. */
const NAMESPACES = new Set(['system', 'schema', 'database', 'page']);

function namedType(b: Body, name: string): Type | null {
  const key = name.toLowerCase();
  return visibleType(b.program, key, b.self)?.type ?? platformType(b.program, key);
}

function lookupName(b: Body, e: NameExpression): Operand | null {
  const variable = b.variable(e.name);
  if (variable !== undefined) return value(local(e, variable));
  const field = implicitField(b, e, e.name);
  if (field !== null) return value(field);
  return typeOrNamespace(b, e.name);
}

export function typeOrNamespace(b: Body, name: string): Operand | null {
  const key = name.toLowerCase();
  if (key === 'label') return { kind: 'labels' };
  const type = namedType(b, name);
  if (type !== null) return { kind: 'type', type };
  if (NAMESPACES.has(key) || hasQualified(b, key)) return { kind: 'namespace', name: key };
  return null;
}

const hasQualified = (b: Body, namespace: string): boolean =>
  Object.keys(b.types.catalogue.types).some((key) => key.startsWith(`${namespace}.`));

/** A name, chain or any other expression, as the target of a member access or call. */
export function analyzeOperand(b: Body, e: Expression): Operand {
  if (e.kind === 'super') return { kind: 'super' };
  if (e.kind === 'name') {
    const found = lookupName(b, e);
    if (found !== null) return found;
    b.report(e, 'UNKNOWN_VARIABLE', e.name);
    return value(broken(b, e));
  }
  if (e.kind === 'member') return analyzeMember(b, e);
  return value(analyzeExpression(b, e));
}

/** A name or chain that is read. */
export function analyzeRead(b: Body, e: NameExpression | MemberExpression): ir.Expression {
  const found = analyzeNamed(b, e);
  checkReadable(b, e, found);
  return found;
}

/** A name or chain that stands for a value or the place of one. */
export function analyzeNamed(b: Body, e: NameExpression | MemberExpression): ir.Expression {
  const operand = analyzeOperand(b, e);
  if (operand.kind === 'value' || operand.kind === 'describe' || operand.kind === 'describeFields')
    return operand.value;
  b.report(e, 'UNKNOWN_VARIABLE', e.name);
  return broken(b, e);
}

export function analyzeMember(b: Body, e: MemberExpression): Operand {
  const target = analyzeOperand(b, e.target);
  const found = memberOf(b, e, target) ?? shadowedType(b, e);
  if (found !== null) return found;
  reportUnknown(b, e, target);
  return value(broken(b, e));
}

/** A variable may hide a type of the same name (`account.SObjectType`): the type is tried next. */
function shadowedType(b: Body, e: MemberExpression): Operand | null {
  if (e.target.kind !== 'name') return null;
  const operand = typeOrNamespace(b, e.target.name);
  return operand === null ? null : memberOf(b, e, operand);
}

function memberOf(b: Body, e: MemberExpression, target: Operand): Operand | null {
  switch (target.kind) {
    case 'value': {
      const described = e.name.toLowerCase() === 'fields' ? objectOfToken(b, target.value) : null;
      if (described !== null) return { kind: 'tokenFields', object: described };
      checkReadable(b, e.target, target.value);
      const found = valueMember(b, e, target.value, e.name, e.safe);
      return found === null ? null : value(found);
    }
    case 'super': {
      const found = instanceField(b, e, thisOf(b, e), e.name, false);
      return found === null ? null : value(found);
    }
    case 'type':
      return typeMember(b, e, target.type, e.name);
    case 'namespace':
      return namespaceMember(b, e, target.name, e.name);
    case 'labels':
      return value(label(b, e));
    case 'describe':
      return describeMember(b, e, target.object, target.value);
    case 'describeFields':
      return describeField(b, e, target.object);
    case 'tokenFields': {
      const token = recordStatic(b, e, target.object, e.name);
      return token === null ? null : value(token);
    }
  }
}

/** The object of a token that is written out: `Case.SObjectType`. */
function objectOfToken(b: Body, token: ir.Expression): ObjectDescription | null {
  const name = token.kind === 'runtime' && token.name === 'sobjectType' ? token.args[0] : undefined;
  return name?.kind === 'constant' && typeof name.value === 'string'
    ? (b.types.schema.objects[name.value.toLowerCase()] ?? null)
    : null;
}

function label(b: Body, e: MemberExpression): ir.Expression {
  return runtime(e, b.types.string, 'label', text(b, e, e.name));
}

export function valueMember(
  b: Body,
  place: Position,
  target: ir.Expression,
  name: string,
  safe: boolean,
): ir.Expression | null {
  const { type } = target;
  if (type.kind === 'error') return broken(b, place);
  if (type.kind === 'user')
    return instanceField(b, place, target, name, safe) ?? platformField(b, place, target, name, safe);
  if (isQuery(target) && isList(type) && isRecord(type.args[0]!)) {
    return valueMember(b, place, { ...target, name: 'soqlOne', type: type.args[0]! }, name, safe);
  }
  if (type.object !== null) {
    const member = recordMember(b, type.object, name);
    return member === null ? null : readRecord(b, place, target, member, safe);
  }
  return platformField(b, place, target, name, safe);
}

function typeMember(b: Body, e: MemberExpression, type: Type, name: string): Operand | null {
  const key = name.toLowerCase();
  if (type.user !== null) {
    const constantName = type.user.constants.get(key);
    if (constantName !== undefined)
      return value({
        kind: 'enumConstant',
        line: e.line,
        column: e.column,
        type,
        owner: type.user,
        name: constantName,
      });
    const field = staticField(b, e, type.user, name);
    if (field !== null) return value(field);
    const inner = innerType(type.user, key);
    if (inner === null) return null;
    if (!isVisible(b, { owner: inner, access: inner.access, testVisible: inner.testVisible }))
      b.report(e, 'NOT_VISIBLE_TYPE', inner.name);
    return { kind: 'type', type: inner.type };
  }
  if (type.object !== null) {
    const token = recordStatic(b, e, type.object, name);
    return token === null ? null : value(token);
  }
  if (isRecord(type) && key === 'sobjecttype') return value(objectToken(b, e, { name: type.ref }));
  if (type.key === 'schema.sobjecttype') {
    const object = b.types.schema.objects[key];
    if (object !== undefined) return describe(b, e, object);
  }
  const found = platformStatic(b, e, type, name);
  if (found !== null) return value(found);
  if (type.key === 'system' || type.key === 'schema') return namespaceMember(b, e, type.key, name);
  const nested = platformType(b.program, `${type.key}.${key}`);
  return nested === null ? null : { kind: 'type', type: nested };
}

function namespaceMember(b: Body, place: Position, namespace: string, name: string): Operand | null {
  const key = name.toLowerCase();
  if (namespace === 'system' && key === 'label') return { kind: 'labels' };
  if (namespace === 'page') {
    b.report(place, 'NOT_SUPPORTED', `Page.${name}`);
    return value(broken(b, place));
  }
  const qualified = platformType(b.program, `${namespace}.${key}`);
  if (qualified !== null) return { kind: 'type', type: qualified };
  if (namespace !== 'system' && namespace !== 'schema') return null;
  const type = platformType(b.program, key);
  if (type !== null) return { kind: 'type', type };
  return hasQualified(b, key) ? { kind: 'namespace', name: key } : null;
}

function describe(b: Body, place: Position, object: ObjectDescription): Operand {
  const type = b.types.platform('schema.describesobjectresult');
  checkSupported(b, place, 'schema.sobjecttype.m.getdescribe', 'Schema.SObjectType.getDescribe');
  const token = objectToken(b, place, object);
  return {
    kind: 'describe',
    object,
    value: {
      kind: 'platformCall',
      line: place.line,
      column: place.column,
      type,
      owner: 'schema.sobjecttype',
      name: 'getdescribe',
      target: token,
      args: [],
    },
  };
}

function describeMember(
  b: Body,
  e: MemberExpression,
  object: ObjectDescription,
  described: ir.Expression,
): Operand | null {
  const found = platformField(b, e, described, e.name, false);
  if (found === null) return null;
  return e.name.toLowerCase() === 'fields' ? { kind: 'describeFields', object, value: found } : value(found);
}

/** `Schema.SObjectType.Case.fields.Subject` */
function describeField(b: Body, e: MemberExpression, object: ObjectDescription): Operand | null {
  const field = object.fields[e.name.toLowerCase()];
  if (field === undefined) return null;
  checkSupported(b, e, 'schema.sobjectfield.m.getdescribe', 'Schema.SObjectField.getDescribe');
  return value({
    kind: 'platformCall',
    line: e.line,
    column: e.column,
    type: b.types.platform('schema.describefieldresult'),
    owner: 'schema.sobjectfield',
    name: 'getdescribe',
    target: receiver(fieldToken(b, e, object, field.name)),
    args: [],
  });
}

function reportUnknown(b: Body, e: MemberExpression, target: Operand): void {
  if (target.kind === 'value' && target.value.type.object !== null) {
    b.report(e, 'FIELD_OF_OBJECT', target.value.type.ref, e.name);
  } else if (target.kind === 'type' && target.type.object !== null) {
    b.report(e, 'FIELD_OF_OBJECT', target.type.ref, e.name);
  } else {
    b.report(e, 'UNKNOWN_VARIABLE', e.name);
  }
}
