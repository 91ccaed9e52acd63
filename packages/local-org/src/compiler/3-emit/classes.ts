/** A user type as a JavaScript class. */
import type * as ir from '../2-analyze/ir.ts';
import type { Program } from '../2-analyze/program.ts';
import { outermost, type UserType } from '../2-analyze/symbols.ts';
import { allInterfaces, isException } from '../2-analyze/types/ancestors.ts';
import { className } from './context.ts';
import type { EmitContext } from './context.ts';
import * as js from './estree.ts';
import type { Node } from './estree.ts';
import {
  emitAccessors,
  emitBridge,
  emitConstructor,
  emitExceptionConstructor,
  emitInstanceInit,
  emitJsConstructor,
  emitMethod,
  emitStaticInit,
} from './members.ts';

/** A superclass of another unit is loaded without running its static initialisers: `$init` sees to those. */
function superclassNode(c: EmitContext, program: Program, type: UserType): Node {
  const user = type.superclass?.user ?? null;
  if (user !== null) {
    return outermost(user) === c.unit.type
      ? js.id(className(user))
      : js.call(js.path('$', 'load'), [js.literal(user.name)]);
  }
  return js.path('$', isException(program.types, type.type) ? 'ApexException' : 'ApexObject');
}

/** Own instance fields and automatic properties, in order: what JSON and debug output show. */
function fieldShapes(type: UserType): Node {
  const fields = [...type.fields.values()].filter((field) => !field.static);
  return js.array(
    fields.map((field) =>
      js.object([
        ['name', js.literal(field.name)],
        ['member', js.literal(field.member)],
        ['type', js.literal(field.type.ref)],
        ['access', js.literal(field.access)],
        ...(field.transient ? [['transient', js.literal(true)] as [string, Node]] : []),
      ]),
    ),
  );
}

function interfaceNames(program: Program, type: UserType): Node {
  const names = allInterfaces(program.types, type.type).map((iface) => iface.ref.toLowerCase().replace(/<.*$/, ''));
  return js.array([...new Set(names)].map((name) => js.literal(name)));
}

function description(program: Program, type: UserType): Node[] {
  return [
    js.staticField('apexName', js.literal(type.name)),
    js.staticField('apexKind', js.literal(type.kind)),
    js.staticField('apexInterfaces', interfaceNames(program, type)),
    js.staticField('apexFields', fieldShapes(type)),
  ];
}

function emitClass(c: EmitContext, program: Program, analysed: ir.Class): Node {
  const { symbol } = analysed;
  const statics = [...symbol.fields.values()].filter((field) => field.static);
  const noArguments = analysed.constructors.find((constructor) => constructor.symbol.parameters.length === 0);
  const exception = isException(program.types, symbol.type);
  const constructors = analysed.constructors.filter(
    (constructor) => !exception || constructor.symbol.declaration !== null,
  );
  const create = exception ? '$new$exception' : noArguments?.symbol.member;
  return js.classNode(className(symbol), superclassNode(c, program, symbol), [
    ...description(program, symbol),
    ...statics.map((field) => js.staticField(field.storage, js.literal(null))),
    ...emitStaticInit(c, analysed),
    emitJsConstructor(symbol),
    // `new X()` for Type.newInstance.
    ...(create === undefined || symbol.abstract
      ? []
      : [
          js.method(
            '$new$0',
            'method',
            true,
            [],
            [js.returns(js.call(js.member(js.create(js.id(className(symbol)), []), create), []))],
          ),
        ]),
    ...emitInstanceInit(c, analysed),
    ...constructors.map((constructor) => emitConstructor(c, analysed, constructor)),
    ...(exception ? [emitExceptionConstructor(analysed)] : []),
    ...emitAccessors(c, analysed),
    ...analysed.methods.map((method) => emitMethod(c, symbol, method)),
    ...symbol.bridges.map((bridge) => emitBridge(c, bridge)),
  ]);
}

function emitType(c: EmitContext, program: Program, analysed: ir.Class): Node {
  const { symbol } = analysed;
  const name = className(symbol);
  if (symbol.kind === 'enum') {
    const constants = js.array([...symbol.constants.values()].map((constant) => js.literal(constant)));
    return js.declare('const', name, js.call(js.path('$', 'enum'), [js.literal(symbol.name), constants]));
  }
  if (symbol.kind === 'interface') return js.classNode(name, null, description(program, symbol));
  return emitClass(c, program, analysed);
}

/** Superclasses of this unit before their subclasses. */
function inOrder(analysed: ir.Class): ir.Class[] {
  const all = [analysed, ...analysed.inner];
  const ordered: ir.Class[] = [];
  const add = (current: ir.Class): void => {
    if (ordered.includes(current)) return;
    const superclass = all.find((other) => other.symbol === current.symbol.superclass?.user);
    if (superclass !== undefined) add(superclass);
    ordered.push(current);
  };
  for (const current of all) add(current);
  return ordered;
}

/** The declarations of a unit's types; inner ones are registered with the runtime. */
export function emitTypes(c: EmitContext, program: Program, analysed: ir.Class): Node[] {
  const ordered = inOrder(analysed);
  const inner = ordered.filter((current) => current !== analysed && current.symbol.name !== '');
  return [
    ...ordered.map((current) => emitType(c, program, current)),
    ...inner.map(({ symbol }) =>
      js.statement(js.call(js.path('$', 'define'), [js.literal(symbol.name), js.id(className(symbol))])),
    ),
  ];
}
