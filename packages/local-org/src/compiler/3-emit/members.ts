/** Members of a class: methods, constructors, accessors, initialisers, bridges. */
import { EXCEPTION_CONSTRUCTOR } from '../2-analyze/body/overloads.ts';
import { hasAccessors } from '../2-analyze/declare/name-members.ts';
import type * as ir from '../2-analyze/ir.ts';
import type { Bridge, FieldSymbol, MethodSymbol, UserType } from '../2-analyze/symbols.ts';
import { className } from './context.ts';
import type { EmitContext } from './context.ts';
import * as js from './estree.ts';
import type { Node } from './estree.ts';
import { holding } from './held.ts';
import { emitStatements, tick } from './statements.ts';

const SHARING_TOKEN = 's$';

/** Runs the body under the sharing that the class declares. */
function shared(type: UserType, body: Node[]): Node[] {
  if (type.sharing === 'omitted' || body.length === 0) return body;
  return [
    js.declare('const', SHARING_TOKEN, js.call(js.path('$', 'enter'), [js.literal(type.sharing)])),
    js.tryStatement(
      js.block(body),
      null,
      js.block([js.statement(js.call(js.path('$', 'leave'), [js.id(SHARING_TOKEN)]))]),
    ),
  ];
}

const names = (variables: ir.Variable[]): string[] => variables.map((variable) => variable.name);

function functionBody(
  c: EmitContext,
  type: UserType,
  parameters: ir.Variable[],
  body: ir.Statement[],
  temporaries: ir.Variable[],
): Node[] {
  return [
    ...js.declareAll(names(temporaries)),
    ...holding(c, parameters, body, () => [tick(), ...shared(type, emitStatements(c, body))]),
  ];
}

export function emitMethod(c: EmitContext, type: UserType, { symbol, parameters, body, temporaries }: ir.Method): Node {
  return js.method(
    symbol.member,
    'method',
    symbol.static,
    names(parameters),
    functionBody(c, type, parameters, body, temporaries),
  );
}

const fieldsMember = (type: UserType): string => `$fields$${className(type)}`;

const initializeFields = (type: UserType): Node =>
  js.statement(js.call(js.member(js.thisNode(), fieldsMember(type)), []));

/** The superclass's constructor, then the initial values of fields, then the body; after `this(…)` the rest of the body alone. */
export function emitConstructor(
  c: EmitContext,
  analysed: ir.Class,
  { symbol, parameters, body, temporaries }: ir.Constructor,
): Node {
  const type = analysed.symbol;
  const [first, ...rest] = body;
  const explicit = first?.kind === 'superConstructor' ? first : null;
  const inner = (): Node[] => {
    const head = explicit === null ? [] : emitStatements(c, [explicit]);
    const initial = explicit?.of === 'this' || analysed.instanceInit.body.length === 0 ? [] : [initializeFields(type)];
    c.inConstructor = true;
    const tail = emitStatements(c, explicit === null ? body : rest);
    c.inConstructor = false;
    return [tick(), ...shared(type, [...head, ...initial, ...tail])];
  };
  const all = [...js.declareAll(names(temporaries)), ...holding(c, parameters, body, inner), js.returns(js.thisNode())];
  return js.method(symbol.member, 'method', false, names(parameters), all);
}

/** The constructors of Exception, which all exceptions share. */
export function emitExceptionConstructor(analysed: ir.Class): Node {
  const type = analysed.symbol;
  const args = [js.id('first'), js.id('second')];
  const up =
    type.superclass?.user == null
      ? js.call(js.path('$ops', 'exceptionInit'), [js.thisNode(), ...args])
      : js.call(js.member(js.superNode(), EXCEPTION_CONSTRUCTOR), args);
  const initial = analysed.instanceInit.body.length === 0 ? [] : [initializeFields(type)];
  return js.method(
    EXCEPTION_CONSTRUCTOR,
    'method',
    false,
    ['first', 'second'],
    [js.statement(up), ...initial, js.returns(js.thisNode())],
  );
}

export function emitInstanceInit(c: EmitContext, analysed: ir.Class): Node[] {
  const { body, temporaries } = analysed.instanceInit;
  if (body.length === 0) return [];
  return [
    js.method(
      fieldsMember(analysed.symbol),
      'method',
      false,
      [],
      [...js.declareAll(names(temporaries)), ...holding(c, [], body, () => emitStatements(c, body))],
    ),
  ];
}

/** Runs once when the class is first used; the superclass comes before it. */
export function emitStaticInit(c: EmitContext, analysed: ir.Class): Node[] {
  const { symbol, staticInit } = analysed;
  const superclass = symbol.superclass?.user ?? null;
  const before = superclass === null ? [] : [js.statement(js.call(js.path('$', 'cls'), [js.literal(superclass.name)]))];
  if (before.length === 0 && staticInit.body.length === 0) return [];
  const body = [
    ...js.declareAll(names(staticInit.temporaries)),
    ...before,
    ...holding(c, [], staticInit.body, () => shared(symbol, emitStatements(c, staticInit.body))),
  ];
  return [js.method('$init', 'method', true, [], body)];
}

/** `constructor() { super(); this._a = null; }`: all fields exist from the start. */
export function emitJsConstructor(type: UserType): Node {
  const fields = [...type.fields.values()].filter((field) => !field.static);
  const body = fields.map((field) =>
    js.statement(js.assign(js.member(js.thisNode(), field.storage), js.literal(null))),
  );
  return js.method('constructor', 'constructor', false, [], [js.statement(js.call(js.superNode(), [])), ...body]);
}

/** Both functions of a property always exist: an override must not hide the other one of its superclass. */
export function emitAccessors(c: EmitContext, analysed: ir.Class): Node[] {
  const properties = [...analysed.symbol.fields.values()].filter(hasAccessors);
  return properties.flatMap((field) => [
    emitAccessor(c, analysed, field, 'get'),
    emitAccessor(c, analysed, field, 'set'),
  ]);
}

function emitAccessor(c: EmitContext, analysed: ir.Class, field: FieldSymbol, kind: 'get' | 'set'): Node {
  const list = kind === 'get' ? analysed.getters : analysed.setters;
  const accessor = list.find((candidate) => candidate.field === field);
  const params = kind === 'get' ? [] : [accessor?.parameter?.name ?? 'value'];
  if (accessor != null && accessor.body !== null) {
    return js.method(
      field.member,
      kind,
      field.static,
      params,
      functionBody(c, analysed.symbol, [], accessor.body, accessor.temporaries),
    );
  }
  const inherited = accessor === undefined && field.declaration.modifiers.words.includes('override');
  const place = inherited ? js.member(js.superNode(), field.member) : js.member(js.thisNode(), field.storage);
  const body = kind === 'get' ? js.returns(place) : js.statement(js.assign(place, js.id(params[0]!)));
  return js.method(field.member, kind, field.static, params, [body]);
}

/** Overloads with wider parameters come later: what nothing narrower takes is theirs. */
function narrowestFirst(overloads: MethodSymbol[]): MethodSymbol[] {
  const generality = (method: MethodSymbol): number =>
    method.parameters.reduce(
      (sum, { type }) =>
        sum +
        (type.kind === 'object'
          ? 1000
          : type.ref === 'SObject'
            ? 100
            : depth(type.user) === 0
              ? 50
              : -depth(type.user)),
      0,
    );
  return overloads.toSorted((a, b) => generality(a) - generality(b));
}

function depth(type: UserType | null): number {
  return type === null ? 0 : 1 + depth(type.superclass?.user ?? null);
}

/** `name$arity` for a group of overloads: picks one by the arguments' runtime types. */
export function emitBridge(c: EmitContext, bridge: Bridge): Node {
  const params = Array.from({ length: bridge.arity }, (_, i) => `p${i}`);
  const args = params.map((param) => js.id(param));
  const ordered = narrowestFirst(bridge.overloads);
  const body = ordered.map((method, i) => {
    const forward = js.returns(
      js.call(js.member(method.static ? c.classObject(method.owner) : js.thisNode(), method.member), args),
    );
    if (i === ordered.length - 1) return forward;
    const tests = method.parameters.map((parameter, n) =>
      js.call(js.path('$', 'is'), [args[n]!, js.literal(parameter.type.ref)]),
    );
    const test = tests.length === 0 ? js.literal(true) : tests.reduce((left, right) => js.logical('&&', left, right));
    return js.ifStatement(test, js.block([forward]), null);
  });
  return js.method(bridge.member, 'method', bridge.static, params, body);
}
