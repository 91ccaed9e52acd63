/** Analysed statements to ESTree: one function per kind. */
import type * as ir from '../2-analyze/ir.ts';
import { className } from './context.ts';
import type { EmitContext } from './context.ts';
import * as js from './estree.ts';
import type { Node } from './estree.ts';
import { emitAll, emitExpression } from './expressions.ts';

type Kind = ir.Statement['kind'];
type Of<K extends Kind> = Extract<ir.Statement, { kind: K }>;

/** What a JavaScript catch clause calls what it caught, and what Apex then sees. */
const CAUGHT = 'e$';
const EXCEPTION = 'x$';

const tick = (): Node => js.statement(js.call(js.path('$', 'tick'), []));

const asBlock = (node: Node): Node => (node.type === 'BlockStatement' ? node : js.block([node]));

const EMITTERS: { [K in Kind]: (c: EmitContext, s: Of<K>) => Node[] } = {
  block: (c, s) => [js.block(emitStatements(c, s.body))],
  declare: (c, s) => [declareLocal(c, s.variable.name, emitExpression(c, s.value), s.line)],
  evaluate: (c, s) => [js.statement(emitExpression(c, s.expression), s.line)],
  if: (c, s) => {
    const otherwise = s.else === null ? null : emitElse(c, s.else);
    return [js.ifStatement(emitExpression(c, s.test), emitBody(c, s.then), otherwise, s.line)];
  },
  loop: emitLoop,
  forEach: (c, s) => {
    const { name } = s.variable;
    const left = c.held.has(name) ? js.id(name) : js.declare('let', name, null);
    const body = js.block([tick(), ...emitStatements(c, [s.body])]);
    return [{ type: 'ForOfStatement', left, right: emitExpression(c, s.source), body, await: false, line: s.line }];
  },
  try: emitTry,
  return: (c, s) => {
    const early = c.inConstructor ? js.thisNode() : null;
    return [js.returns(s.value === null ? early : emitExpression(c, s.value), s.line)];
  },
  throw: (c, s) => [js.throws(emitExpression(c, s.value), s.line)],
  break: (_, s) => [{ type: 'BreakStatement', label: null, line: s.line }],
  continue: (_, s) => [{ type: 'ContinueStatement', label: null, line: s.line }],
  runAs: (c, s) => {
    const { name } = s.variable;
    const begin = js.statement(
      js.assign(js.id(name), js.call(js.path('$', 'runAsBegin'), [emitExpression(c, s.user)], s.line)),
      s.line,
    );
    const end = js.statement(js.call(js.path('$', 'runAsEnd'), [js.id(name)]));
    return [begin, js.tryStatement(emitBody(c, s.body), null, js.block([end]))];
  },
  superConstructor: (c, s) => [js.statement(constructorCall(c, s), s.line)],
};

/** A variable that the heap sees is declared at the head of the body: what is left is to give it its value. */
const declareLocal = (c: EmitContext, name: string, value: Node, line: number): Node =>
  c.held.has(name) ? js.statement(js.assign(js.id(name), value), line) : js.declare('let', name, value, line);

function constructorCall(c: EmitContext, s: Of<'superConstructor'>): Node {
  const args = emitAll(c, s.args);
  if (s.constructor_ === null) return js.call(js.path('$ops', 'exceptionInit'), [js.thisNode(), ...args], s.line);
  const { member, owner } = s.constructor_;
  if (s.of === 'super') return js.call(js.member(js.superNode(), member), args, s.line);
  // Not through `this`: a subclass may have a constructor of the same name.
  return js.call(js.path(className(owner), 'prototype', member, 'call'), [js.thisNode(), ...args], s.line);
}

function emitStatement(c: EmitContext, s: ir.Statement): Node[] {
  const nodes = (EMITTERS[s.kind] as (c: EmitContext, s: ir.Statement) => Node[])(c, s);
  if (s.kind === 'block' || (s.kind === 'superConstructor' && !s.written)) return nodes;
  c.executable.add(s.line);
  if (!c.coverage) return nodes;
  return [js.statement(js.call(js.path('$', 'cover'), [js.literal(c.unit.source.path), js.literal(s.line)])), ...nodes];
}

export function emitStatements(c: EmitContext, statements: ir.Statement[]): Node[] {
  return statements.flatMap((statement) => emitStatement(c, statement));
}

function emitBody(c: EmitContext, s: ir.Statement): Node {
  const nodes = emitStatement(c, s);
  return nodes.length === 1 ? asBlock(nodes[0]!) : js.block(nodes);
}

/** `else if` stays flat, unless coverage has to count it. */
function emitElse(c: EmitContext, s: ir.Statement): Node {
  const nested = s.kind === 'block' && s.body.length === 1 && s.body[0]!.kind === 'if' ? s.body[0]! : s;
  if (nested.kind !== 'if' || c.coverage) return emitBody(c, s);
  return emitStatement(c, nested)[0]!;
}

function emitLoop(c: EmitContext, s: Of<'loop'>): Node[] {
  const body = js.block([tick(), ...emitStatements(c, [s.body])]);
  const test = s.test === null ? null : emitExpression(c, s.test);
  if (!s.testFirst) return [{ type: 'DoWhileStatement', body, test: test!, line: s.line }];
  if (s.init.length === 0 && s.update.length === 0)
    return [{ type: 'WhileStatement', test: test ?? js.literal(true), body, line: s.line }];
  const update = s.update.length === 0 ? null : js.sequence(emitAll(c, s.update));
  const loop: Node = { type: 'ForStatement', init: null, test, update, body, line: s.line };
  return s.init.length === 0 ? [loop] : [js.block([...emitStatements(c, s.init), loop])];
}

function emitTry(c: EmitContext, s: Of<'try'>): Node[] {
  const finalizer = s.finally === null ? null : emitBody(c, s.finally);
  return [js.tryStatement(emitBody(c, s.body), s.catches.length === 0 ? null : emitCatches(c, s), finalizer, s.line)];
}

/** What no clause takes is thrown again as it was, with its stack. */
function emitCatches(c: EmitContext, s: Of<'try'>): Node {
  let chain: Node | null = js.throws(js.id(CAUGHT));
  for (const { variable, type, body } of s.catches.toReversed()) {
    const inner = js.block([js.declare('let', variable.name, js.id(EXCEPTION)), ...emitStatements(c, [body])]);
    if (type.key === 'exception') chain = inner;
    else chain = js.ifStatement(js.call(js.path('$', 'is'), [js.id(EXCEPTION), js.literal(type.ref)]), inner, chain);
  }
  const caught = js.declare('const', EXCEPTION, js.call(js.path('$', 'caught'), [js.id(CAUGHT)]));
  return js.catchClause(CAUGHT, js.block([caught, chain]));
}

export { tick };
