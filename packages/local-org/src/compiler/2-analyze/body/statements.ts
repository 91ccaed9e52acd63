/** Statements: one function per kind of the tree. */
import type * as ast from '../../1-parse/ast.ts';
import type { Position } from '../../1-parse/ast.ts';
import type * as ir from '../ir.ts';
import { resolveType } from '../resolve-type.ts';
import { isException } from '../types/ancestors.ts';
import { castable } from '../types/conversion.ts';
import { analyzeAssign, analyzeIncrement } from './assignment.ts';
import type { Body } from './body.ts';
import { convert, tested } from './convert.ts';
import { analyzeDml, analyzeMerge } from './dml.ts';
import { analyzeExpression } from './expression.ts';
import { analyzeForEach } from './for-each.ts';
import { constant, runtime } from './make.ts';
import { analyzeSwitch } from './switch.ts';

type Kind = ast.Statement['kind'];
type Of<K extends Kind> = Extract<ast.Statement, { kind: K }>;

export const at = ({ line, column }: Position): Position => ({ line, column });

const ANALYZERS: { [K in Kind]: (b: Body, s: Of<K>) => ir.Statement[] } = {
  block: (b, s) => [{ kind: 'block', ...at(s), body: b.scoped(() => analyzeStatements(b, s.statements)) }],
  local: analyzeLocals,
  expression: (b, s) => [{ kind: 'evaluate', ...at(s), expression: analyzeDiscarded(b, s.expression) }],
  if: (b, s) => [
    {
      kind: 'if',
      ...at(s),
      test: tested(b, analyzeExpression(b, s.test)),
      then: analyzeBody(b, s.then),
      else: s.else === null ? null : analyzeBody(b, s.else),
    },
  ],
  for: analyzeFor,
  forEach: analyzeForEach,
  while: (b, s) => [
    {
      kind: 'loop',
      ...at(s),
      init: [],
      test: tested(b, analyzeExpression(b, s.test)),
      update: [],
      body: analyzeLoopBody(b, s, s.body),
      testFirst: true,
    },
  ],
  doWhile: (b, s) => {
    const body = analyzeLoopBody(b, s, s.body);
    return [
      {
        kind: 'loop',
        ...at(s),
        init: [],
        test: tested(b, analyzeExpression(b, s.test)),
        update: [],
        body,
        testFirst: false,
      },
    ];
  },
  switch: analyzeSwitch,
  try: analyzeTry,
  return: analyzeReturn,
  throw: analyzeThrow,
  break: analyzeJump,
  continue: analyzeJump,
  dml: analyzeDml,
  merge: analyzeMerge,
  runAs: analyzeRunAs,
};

export function analyzeStatement(b: Body, s: ast.Statement): ir.Statement[] {
  return (ANALYZERS[s.kind] as (b: Body, s: ast.Statement) => ir.Statement[])(b, s);
}

export function analyzeStatements(b: Body, statements: ast.Statement[]): ir.Statement[] {
  return statements.flatMap((statement) => analyzeStatement(b, statement));
}

/** A statement in a scope of its own. */
export function analyzeBody(b: Body, s: ast.Statement): ir.Statement {
  if (s.kind === 'block') return analyzeStatement(b, s)[0]!;
  return { kind: 'block', ...at(s), body: b.scoped(() => analyzeStatement(b, s)) };
}

export function analyzeLoopBody(b: Body, place: Position, s: ast.Statement | null): ir.Statement {
  b.loops++;
  try {
    return s === null ? { kind: 'block', ...at(place), body: [] } : analyzeBody(b, s);
  } finally {
    b.loops--;
  }
}

const STATEMENTS = new Set<ast.Expression['kind']>([
  'assign',
  'increment',
  'call',
  'new',
  'newItems',
  'newMapItems',
  'constructorCall',
  'soql',
  'sosl',
]);

/** An expression whose value nobody uses. */
export function analyzeDiscarded(b: Body, e: ast.Expression): ir.Expression {
  if (e.kind === 'assign') return analyzeAssign(b, e, true);
  if (e.kind === 'increment') return analyzeIncrement(b, e, true);
  if (!STATEMENTS.has(e.kind) && e.kind !== 'paren') b.report(e, 'NOT_A_STATEMENT');
  return analyzeExpression(b, e);
}

function analyzeLocals(b: Body, s: ast.LocalVariables): ir.Statement[] {
  const type = resolveType(b.program, s.type, b.self, b.self.unit.diagnostics);
  return s.declarators.map((declarator) => {
    const value =
      declarator.initial === null
        ? constant(declarator, b.types.null, null)
        : convert(b, analyzeExpression(b, declarator.initial), type, declarator);
    const variable = b.declare(declarator, declarator.name, type, s.final && declarator.initial !== null);
    return { kind: 'declare', line: s.line, column: s.column, variable, value };
  });
}

function analyzeFor(b: Body, s: ast.ForStatement): ir.Statement[] {
  return b.scoped(() => {
    const init =
      s.init === null
        ? []
        : Array.isArray(s.init)
          ? s.init.map((e): ir.Statement => ({ kind: 'evaluate', ...at(s), expression: analyzeDiscarded(b, e) }))
          : analyzeLocals(b, s.init);
    const test = s.test === null ? null : tested(b, analyzeExpression(b, s.test));
    const update = s.update.map((e) => analyzeDiscarded(b, e));
    return [{ kind: 'loop', ...at(s), init, test, update, body: analyzeLoopBody(b, s, s.body), testFirst: true }];
  });
}

function analyzeTry(b: Body, s: ast.TryStatement): ir.Statement[] {
  const body = analyzeBody(b, s.body);
  const caught: ir.Variable['type'][] = [];
  const catches = s.catches.map((clause) => {
    const type = resolveType(b.program, clause.type, b.self, b.self.unit.diagnostics);
    if (type.kind !== 'error' && !isException(b.types, type)) b.report(clause, 'CATCH_TYPE', type.ref);
    if (caught.includes(type) && type.kind !== 'error') b.report(clause, 'CATCH_UNREACHABLE', type.ref);
    caught.push(type);
    return b.scoped(() => {
      const variable = b.declare(clause, clause.name, type);
      return { variable, type, body: analyzeBody(b, clause.body) };
    });
  });
  return [{ kind: 'try', ...at(s), body, catches, finally: s.finally === null ? null : analyzeBody(b, s.finally) }];
}

function analyzeReturn(b: Body, s: ast.ReturnStatement): ir.Statement[] {
  const { returns } = b.options;
  if (s.value === null) {
    if (returns.kind !== 'void' && returns.kind !== 'error') b.report(s, 'ILLEGAL_CONVERSION', 'void', returns.ref);
    return [{ kind: 'return', ...at(s), value: null }];
  }
  const value = analyzeExpression(b, s.value);
  if (returns.kind === 'void') {
    b.report(s, 'RETURN_VALUE');
    return [];
  }
  return [{ kind: 'return', ...at(s), value: convert(b, value, returns, s, 'ILLEGAL_CONVERSION') }];
}

function analyzeThrow(b: Body, s: ast.ThrowStatement): ir.Statement[] {
  const value = analyzeExpression(b, s.value);
  const ok = value.type.kind === 'error' || value.type.kind === 'null' || isException(b.types, value.type);
  if (!ok) b.report(s, 'THROW_TYPE', value.type.ref);
  return [{ kind: 'throw', ...at(s), value: runtime(s, b.types.object, 'thrown', value) }];
}

function analyzeJump(b: Body, s: ast.JumpStatement): ir.Statement[] {
  if (b.loops === 0) b.report(s, 'JUMP_OUTSIDE', s.kind);
  return [{ kind: s.kind, ...at(s) }];
}

function analyzeRunAs(b: Body, s: ast.RunAsStatement): ir.Statement[] {
  const user = analyzeExpression(b, s.user);
  const wanted = b.types.recordNamed('User');
  if (user.type.kind !== 'error' && wanted !== null && !castable(b.types, user.type, wanted))
    b.report(s, 'RUN_AS', user.type.ref);
  return [{ kind: 'runAs', ...at(s), user, body: analyzeBody(b, s.body), variable: b.temporary(b.types.object) }];
}
