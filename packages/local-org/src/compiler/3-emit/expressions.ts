/** Analysed expressions to ESTree: one function per kind. */
import type * as ir from '../2-analyze/ir.ts';
import type { EmitContext } from './context.ts';
import * as js from './estree.ts';
import type { Node } from './estree.ts';

type Kind = ir.Expression['kind'];

const EMITTERS: { [K in Kind]: (c: EmitContext, e: Extract<ir.Expression, { kind: K }>) => Node } = {
  constant: (_, e) => (typeof e.value === 'bigint' ? js.bigint(e.value) : js.literal(e.value)),
  boxed: (c, e) => c.number(e),
  local: (_, e) => js.id(e.variable.name),
  this: () => js.thisNode(),
  field: emitField,
  recordField: emitRecordField,
  platformProperty: (c, e) =>
    js.call(js.member(platformProperty(e), 'get'), e.target === null ? [] : [emitExpression(c, e.target)], e.line),
  item: (c, e) => js.call(js.path('$ops', 'listGet'), emitAll(c, [e.list, e.index]), e.line),
  triggerVariable: (_, e) => js.path('$', 'trigger', e.name),
  enumConstant: (c, e) => js.member(c.classObject(e.owner), e.name),
  classObject: (c, e) => c.classObject(e.owner),
  userCall: emitUserCall,
  platformCall: emitPlatformCall,
  runtime: (c, e) => js.call(js.path('$', e.name), emitAll(c, e.args), e.line),
  ops: (c, e) => js.call(js.path('$ops', e.name), emitAll(c, e.args), e.line),
  array: (c, e) => js.array(emitAll(c, e.items)),
  object: (c, e) => js.object(e.entries.map(({ name, value }) => [name, emitExpression(c, value)])),
  newUser: (c, e) => {
    const made = js.create(c.classObject(e.constructor_.owner), [], e.line);
    return js.call(js.member(made, e.constructor_.member), emitAll(c, e.args), e.line);
  },
  newPlatform: (c, e) =>
    js.call(
      js.member(standardType(e.owner), 'create'),
      [js.array(e.typeArguments.map((argument) => js.literal(argument))), ...emitAll(c, e.args)],
      e.line,
    ),
  newRecord: emitNewRecord,
  logical: (c, e) => js.logical(e.operator, emitExpression(c, e.left), emitExpression(c, e.right)),
  not: (c, e) => js.not(emitExpression(c, e.operand)),
  native: (c, e) => js.binary(e.operator, emitExpression(c, e.left), emitExpression(c, e.right)),
  conditional: (c, e) =>
    js.conditional(emitExpression(c, e.test), emitExpression(c, e.then), emitExpression(c, e.else)),
  assign: emitAssign,
  let: (c, e) =>
    js.sequence([
      ...e.bindings.map(({ variable, value }) => js.assign(js.id(variable.name), emitExpression(c, value))),
      emitExpression(c, e.body),
    ]),
  safe: (c, e) =>
    js.conditional(
      js.binary('===', js.assign(js.id(e.variable.name), emitExpression(c, e.target)), js.literal(null)),
      js.literal(null),
      emitExpression(c, e.body),
    ),
  postIncrement: (c, e) =>
    js.sequence([
      js.assign(js.id(e.variable.name), emitExpression(c, e.read)),
      emitExpression(c, e.write),
      js.id(e.variable.name),
    ]),
};

export function emitExpression(c: EmitContext, e: ir.Expression): Node {
  return (EMITTERS[e.kind] as (c: EmitContext, e: ir.Expression) => Node)(c, e);
}

export function emitAll(c: EmitContext, expressions: ir.Expression[]): Node[] {
  return expressions.map((expression) => emitExpression(c, expression));
}

/** `$.std['string']` */
function standardType(key: string): Node {
  return js.member(js.path('$', 'std'), key);
}

/** Functions that read through a parent that may be null. */
const THROUGH_PARENT: Record<ir.RecordField['access'], string> = {
  sget: 'parentField',
  srel: 'parentOf',
  schildren: 'parentChildren',
};

function emitRecordField(c: EmitContext, e: ir.RecordField): Node {
  const through = e.target.kind === 'recordField' && e.target.access === 'srel';
  const callee = through ? js.path('$ops', THROUGH_PARENT[e.access]) : js.path('$', e.access);
  const read = js.call(callee, [emitExpression(c, e.target), js.literal(e.name)], e.line);
  // A checkbox that was never set is false, and a sub-query that never ran has no rows: neither is null.
  if (e.access === 'schildren')
    return js.logical('??', read, js.call(js.path('$', 'newList'), [js.literal(e.type.args[0]!.ref)]));
  return e.access === 'sget' && e.type.key === 'boolean' ? js.logical('??', read, js.literal(false)) : read;
}

function emitField(c: EmitContext, e: ir.Field): Node {
  const owner = e.target === null ? c.classObject(e.field.owner) : emitExpression(c, e.target);
  return js.member(owner, e.storage ? e.field.storage : e.field.member);
}

function platformProperty(e: ir.PlatformProperty): Node {
  return js.member(js.member(standardType(e.owner), e.target === null ? 'sp' : 'p'), e.name);
}

function emitUserCall(c: EmitContext, e: ir.UserCall): Node {
  const target =
    e.target === null
      ? c.classObject(e.method.owner)
      : e.target === 'super'
        ? js.superNode()
        : emitExpression(c, e.target);
  return js.call(js.member(target, e.method.member), emitAll(c, e.args), e.line);
}

function emitPlatformCall(c: EmitContext, e: ir.PlatformCall): Node {
  const side = js.member(standardType(e.owner), e.target === null ? 's' : 'm');
  const args = e.target === null ? e.args : [e.target, ...e.args];
  return js.call(js.member(side, e.name), emitAll(c, args), e.line);
}

function emitNewRecord(c: EmitContext, e: ir.NewRecord): Node {
  const named = (values: ir.NamedValue[]): Node =>
    js.object(values.map(({ name, value }) => [name, emitExpression(c, value)]));
  const record = js.call(
    js.path('$', 'newSObject'),
    [js.literal(e.object), ...(e.fields.length === 0 ? [] : [named(e.fields)])],
    e.line,
  );
  return e.parents.length === 0 ? record : js.call(js.path('$ops', 'withParents'), [record, named(e.parents)], e.line);
}

function emitAssign(c: EmitContext, { target, value, line }: ir.Assign): Node {
  const right = emitExpression(c, value);
  switch (target.kind) {
    case 'local':
      return js.assign(js.id(target.variable.name), right);
    case 'field':
      return js.assign(emitField(c, target), right);
    case 'recordField': {
      const write = target.access === 'srel' ? js.path('$ops', 'setParent') : js.path('$', 'sput');
      return js.call(write, [emitExpression(c, target.target), js.literal(target.name), right], line);
    }
    case 'platformProperty':
      return js.call(
        js.member(platformProperty(target), 'set'),
        [...(target.target === null ? [] : [emitExpression(c, target.target)]), right],
        line,
      );
    case 'item':
      return js.call(js.path('$ops', 'listSet'), [...emitAll(c, [target.list, target.index]), right], line);
  }
}
