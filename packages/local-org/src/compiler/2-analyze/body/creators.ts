/** `new …` */
import type { Expression, NewExpression, NewItems, NewMapItems, NewSized } from '../../1-parse/ast.ts';
import type { ObjectDescription } from '../../types.ts';
import type * as ir from '../ir.ts';
import { resolveType } from '../resolve-type.ts';
import { signature, isCollection, isList, isPlatform, type Type } from '../symbols.ts';
import { bindings } from '../types/ancestors.ts';
import type { Body } from './body.ts';
import { analyzeArguments } from './calls.ts';
import { constructorCandidates, pick, isVisible } from './overloads.ts';
import { convert } from './convert.ts';
import { analyzeExpression } from './expression.ts';
import { array, broken, runtime, text } from './make.ts';
import { checkSupported } from './platform-members.ts';
import { isCalculated, recordMember } from './records.ts';

export function analyzeNew(b: Body, e: NewExpression): ir.Expression {
  const type = resolveType(b.program, e.type, b.self, b.self.unit.diagnostics);
  if (type.kind === 'error') {
    for (const arg of e.arguments) if (arg.kind !== 'assign') analyzeExpression(b, arg);
    return broken(b, e);
  }
  if (type.object !== null) return newRecord(b, e, type, type.object);
  const args = analyzeArguments(b, e.arguments);
  if (type.user !== null) return newUser(b, e, type, args);
  if (isCollection(type)) return newCollection(b, e, type, args);
  return newPlatform(b, e, type, args);
}

function undefinedConstructor(b: Body, e: NewExpression, type: Type, args: ir.Expression[]): ir.Expression {
  const types = signature('', args).slice(1, -1);
  if (!args.some((arg) => arg.type.kind === 'error')) b.report(e, 'UNKNOWN_CONSTRUCTOR', type.ref, types);
  return broken(b, e);
}

function newUser(b: Body, e: NewExpression, type: Type, args: ir.Expression[]): ir.Expression {
  const user = type.user!;
  if (user.kind !== 'class') {
    b.report(e, 'NOT_CONSTRUCTABLE', type.ref);
    return broken(b, e);
  }
  if (user.abstract) b.report(e, 'ABSTRACT_NEW', type.ref);
  if (
    !isVisible(
      b,
      user.outer === null
        ? { ...user, owner: user, access: 'public' }
        : { owner: user, access: user.access, testVisible: user.testVisible },
    )
  ) {
    b.report(e, 'NOT_VISIBLE_TYPE', type.ref);
  }
  const found = pick(b, constructorCandidates(b, user), args);
  if (found === null) return undefinedConstructor(b, e, type, args);
  if (!isVisible(b, found.member))
    b.report(
      e,
      'NOT_VISIBLE_METHOD',
      `${user.simpleName}(${found.parameters.map((parameter) => parameter.ref).join(', ')})`,
    );
  const converted = args.map((arg, i) => convert(b, arg, found.parameters[i]!, arg));
  return { kind: 'newUser', line: e.line, column: e.column, type, constructor_: found.member, args: converted };
}

function newRecord(b: Body, e: NewExpression, type: Type, object: ObjectDescription): ir.Expression {
  const fields: ir.NamedValue[] = [];
  const parents: ir.NamedValue[] = [];
  for (const arg of e.arguments) {
    if (arg.kind !== 'assign' || arg.operator !== '=' || arg.target.kind !== 'name') {
      b.report(arg, 'INITIAL_FIELD');
      continue;
    }
    const value = analyzeExpression(b, arg.value);
    const member = recordMember(b, object, arg.target.name);
    if (member === null || member.access === 'schildren') b.report(arg, 'FIELD_OF_OBJECT', type.ref, arg.target.name);
    else if (isCalculated(object, member)) b.report(arg, 'NOT_WRITEABLE', `${object.name}.${member.name}`);
    else
      (member.access === 'srel' ? parents : fields).push({
        name: member.name,
        value: convert(b, value, member.type, arg),
      });
  }
  return { kind: 'newRecord', line: e.line, column: e.column, type, object: type.ref, fields, parents };
}

const creator = (type: Type): string => `new${type.platform!.name}`;

const typeArguments = (b: Body, e: NewExpression | NewItems | NewSized | NewMapItems, type: Type): ir.Expression[] =>
  type.args.map((arg) => text(b, e, arg.ref));

/** `new List<X>()`, `new Set<X>(other)`, `new Map<K,V>(records)`. */
const newCollection = (b: Body, e: NewExpression, type: Type, args: ir.Expression[]): ir.Expression =>
  args.length === 0
    ? runtime(e, type, creator(type), ...typeArguments(b, e, type))
    : (constructed(b, e, type, args) ?? undefinedConstructor(b, e, type, args));

function newPlatform(b: Body, e: NewExpression, type: Type, args: ir.Expression[]): ir.Expression {
  if (type.platform?.constructors === undefined || type.platform.kind !== 'class') {
    b.report(e, 'NOT_CONSTRUCTABLE', type.ref);
    return broken(b, e);
  }
  const made = constructed(b, e, type, args);
  if (made === null) return undefinedConstructor(b, e, type, args);
  checkSupported(b, e, `${type.key}.new`, `new ${type.ref}`);
  return made;
}

/** A call of the platform's constructor that takes the arguments; null when there is none. */
function constructed(b: Body, e: NewExpression, type: Type, args: ir.Expression[]): ir.Expression | null {
  const bound = bindings(type);
  const candidates = (type.platform!.constructors ?? []).map((parameters) => ({
    parameters: parameters.map((parameter) => b.types.fromRef(parameter.type, bound)),
    member: null,
  }));
  const found = pick(b, candidates, args);
  if (found === null) return null;
  return {
    kind: 'newPlatform',
    line: e.line,
    column: e.column,
    type,
    owner: type.key,
    typeArguments: type.args.map((arg) => arg.ref),
    args: args.map((arg, i) => convert(b, arg, found.parameters[i]!, arg)),
  };
}

function itemsOf(b: Body, items: Expression[], element: Type): ir.Expression[] {
  return items.map((item) => convert(b, analyzeExpression(b, item), element, item));
}

export function analyzeNewItems(b: Body, e: NewItems): ir.Expression {
  const type = resolveType(b.program, e.type, b.self, b.self.unit.diagnostics);
  if (type.kind === 'error') return broken(b, e);
  if (!isList(type) && !isPlatform(type, 'set')) {
    b.report(e, 'NOT_CONSTRUCTABLE', type.ref);
    return broken(b, e);
  }
  const items = itemsOf(b, e.items, type.args[0]!);
  return runtime(e, type, creator(type), ...typeArguments(b, e, type), array(b, e, items));
}

/** `new Integer[3]`: three nulls. */
export function analyzeNewSized(b: Body, e: NewSized): ir.Expression {
  const type = resolveType(b.program, e.type, b.self, b.self.unit.diagnostics);
  const size = convert(b, analyzeExpression(b, e.size), b.types.integer, e.size);
  if (type.kind === 'error') return broken(b, e);
  return {
    kind: 'newPlatform',
    line: e.line,
    column: e.column,
    type,
    owner: 'list',
    typeArguments: type.args.map((arg) => arg.ref),
    args: [size],
  };
}

export function analyzeNewMapItems(b: Body, e: NewMapItems): ir.Expression {
  const type = resolveType(b.program, e.type, b.self, b.self.unit.diagnostics);
  if (type.kind === 'error') return broken(b, e);
  if (!isPlatform(type, 'map')) {
    b.report(e, 'NOT_CONSTRUCTABLE', type.ref);
    return broken(b, e);
  }
  const [keyType, valueType] = type.args as [Type, Type];
  const entries = e.entries.map(({ key, value }) => {
    const [k] = itemsOf(b, [key], keyType);
    const [v] = itemsOf(b, [value], valueType);
    return array(b, e, [k!, v!]);
  });
  return runtime(e, type, 'newMap', ...typeArguments(b, e, type), array(b, e, entries));
}
