/** Statements of the grammar as statements of the tree. */
import type {
  AccessLevelContext,
  BlockContext,
  CatchClauseContext,
  DoWhileStatementContext,
  ExpressionContext,
  ForStatementContext,
  IfStatementContext,
  LocalVariableDeclarationContext,
  MergeStatementContext,
  RunAsStatementContext,
  StatementContext,
  TryStatementContext,
  UpsertStatementContext,
  VariableDeclaratorsContext,
  WhileStatementContext,
  SwitchStatementContext,
  WhenControlContext,
  WhenLiteralContext,
} from '@apexdevtools/apex-parser';
import type {
  Block,
  CatchClause,
  DmlAccess,
  DmlStatement,
  ForStatement,
  LocalVariables,
  Statement,
  VariableDeclarator,
  Literal,
  SwitchStatement,
  WhenClause,
  WhenValue,
} from '../ast.ts';
import { at, Incomplete, nameOf, need, type Lowering, terminals } from './context.ts';
import { lowerModifiers } from './modifiers.ts';
import { lowerExpression, lowerExpressionList } from './expressions.ts';
import { lowerLiteralToken } from './literals.ts';
import { lowerQualifiedName, lowerType } from './types.ts';

/** Statements: one transformer per kind of the parser's tree. */
export function lowerBlock(l: Lowering, context: BlockContext): Block {
  const statements = l.bodies ? context.statement_list().map((statement) => lowerStatement(l, statement)) : [];
  return { kind: 'block', ...at(context), statements };
}

export function lowerDeclarators(l: Lowering, context: VariableDeclaratorsContext): VariableDeclarator[] {
  return context.variableDeclarator_list().map((declarator) => {
    const name = nameOf(declarator.id());
    const initial = declarator.expression() as ExpressionContext | null;
    return {
      line: name.line,
      column: name.column,
      name: name.text,
      initial: initial === null || !l.bodies ? null : lowerExpression(l, initial),
    };
  });
}

function lowerLocals(l: Lowering, context: LocalVariableDeclarationContext): LocalVariables {
  return {
    kind: 'local',
    ...at(context),
    type: lowerType(need(context.typeRef())),
    final: lowerModifiers(context.modifier_list()).words.includes('final'),
    declarators: lowerDeclarators(l, need(context.variableDeclarators())),
  };
}

const optional = (l: Lowering, context: StatementContext | null): Statement | null =>
  context === null ? null : lowerStatement(l, context);

function lowerIf(l: Lowering, context: IfStatementContext): Statement {
  return {
    kind: 'if',
    ...at(context),
    test: lowerExpression(l, need(context.parExpression()).expression()),
    then: lowerStatement(l, need(context.statement(0))),
    else: optional(l, context.statement(1) ?? null),
  };
}

function lowerFor(l: Lowering, context: ForStatementContext): Statement {
  const control = need(context.forControl());
  const body = optional(l, context.statement());
  const each = control.enhancedForControl();
  if (each !== null) {
    const source = lowerExpression(l, need(each.expression()));
    return {
      kind: 'forEach',
      ...at(context),
      type: lowerType(need(each.typeRef())),
      name: need(each.id()).start.text,
      source,
      body,
    };
  }
  const forInit = control.forInit();
  let init: ForStatement['init'] = null;
  if (forInit !== null) {
    const locals = forInit.localVariableDeclaration();
    init = locals === null ? lowerExpressionList(l, forInit.expressionList()) : lowerLocals(l, locals);
  }
  const test = control.expression() as ExpressionContext | null;
  return {
    kind: 'for',
    ...at(context),
    init,
    test: test === null ? null : lowerExpression(l, test),
    update: lowerExpressionList(l, control.forUpdate()?.expressionList() ?? null),
    body,
  };
}

function lowerWhile(l: Lowering, context: WhileStatementContext): Statement {
  const test = lowerExpression(l, need(context.parExpression()).expression());
  return { kind: 'while', ...at(context), test, body: optional(l, context.statement()) };
}

function lowerDoWhile(l: Lowering, context: DoWhileStatementContext): Statement {
  const test = lowerExpression(l, need(context.parExpression()).expression());
  return { kind: 'doWhile', ...at(context), body: lowerBlock(l, need(context.block())), test };
}

function lowerCatch(l: Lowering, context: CatchClauseContext): CatchClause {
  return {
    ...at(context),
    type: lowerQualifiedName(need(context.qualifiedName())),
    name: need(context.id()).start.text,
    body: lowerBlock(l, need(context.block())),
  };
}

function lowerTry(l: Lowering, context: TryStatementContext): Statement {
  const last = context.finallyBlock();
  return {
    kind: 'try',
    ...at(context),
    body: lowerBlock(l, need(context.block())),
    catches: context.catchClause_list().map((clause) => lowerCatch(l, clause)),
    finally: last === null ? null : lowerBlock(l, need(last.block())),
  };
}

function lowerAccess(context: AccessLevelContext | null): DmlAccess {
  if (context === null) return null;
  return context.stop?.text.toLowerCase() === 'user' ? 'user' : 'system';
}

interface DmlContext {
  start: StatementContext['start'];
  accessLevel(): AccessLevelContext;
  expression(): ExpressionContext;
}

function lowerDml(l: Lowering, context: DmlContext, operation: DmlStatement['operation']): DmlStatement {
  return {
    kind: 'dml',
    line: context.start.line,
    column: context.start.column + 1,
    operation,
    access: lowerAccess(context.accessLevel()),
    records: lowerExpression(l, need(context.expression())),
    externalId: null,
  };
}

function lowerUpsert(l: Lowering, context: UpsertStatementContext): DmlStatement {
  const name = context.qualifiedName();
  const externalId = name === null ? null : name.id_list().map((part) => part.start.text);
  return { ...lowerDml(l, context, 'upsert'), externalId };
}

function lowerMerge(l: Lowering, context: MergeStatementContext): Statement {
  return {
    kind: 'merge',
    ...at(context),
    access: lowerAccess(context.accessLevel()),
    master: lowerExpression(l, need(context.expression(0))),
    duplicates: lowerExpression(l, need(context.expression(1))),
  };
}

function lowerRunAs(l: Lowering, context: RunAsStatementContext): Statement {
  const users = lowerExpressionList(l, context.expressionList());
  if (users.length !== 1) l.report(at(context), 'System.runAs needs one User');
  return { kind: 'runAs', ...at(context), user: need(users[0]), body: lowerBlock(l, need(context.block())) };
}

type Kind = keyof {
  [
    K in keyof StatementContext as StatementContext[K] extends () => infer R
      ? R extends { start: unknown }
        ? K
        : never
      : never
  ]: true;
};

const optionalExpression = (l: Lowering, context: ExpressionContext | null) =>
  context === null ? null : lowerExpression(l, context);

/** In the order of likelihood: the first child that is there decides. */
const TRANSFORMERS: [Kind, (l: Lowering, context: never) => Statement][] = [
  [
    'expressionStatement',
    (l, c: ReturnType<StatementContext['expressionStatement']>) => ({
      kind: 'expression',
      ...at(c),
      expression: lowerExpression(l, need(c.expression())),
    }),
  ],
  [
    'localVariableDeclarationStatement',
    (l, c: ReturnType<StatementContext['localVariableDeclarationStatement']>) =>
      lowerLocals(l, need(c.localVariableDeclaration())),
  ],
  ['ifStatement', lowerIf],
  [
    'returnStatement',
    (l, c: ReturnType<StatementContext['returnStatement']>) => ({
      kind: 'return',
      ...at(c),
      value: optionalExpression(l, c.expression()),
    }),
  ],
  ['forStatement', lowerFor],
  ['block', lowerBlock],
  ['tryStatement', lowerTry],
  [
    'throwStatement',
    (l, c: ReturnType<StatementContext['throwStatement']>) => ({
      kind: 'throw',
      ...at(c),
      value: lowerExpression(l, need(c.expression())),
    }),
  ],
  ['whileStatement', lowerWhile],
  ['doWhileStatement', lowerDoWhile],
  ['switchStatement', lowerSwitch],
  ['breakStatement', (_, c: ReturnType<StatementContext['breakStatement']>) => ({ kind: 'break', ...at(c) })],
  ['continueStatement', (_, c: ReturnType<StatementContext['continueStatement']>) => ({ kind: 'continue', ...at(c) })],
  ['insertStatement', (l, c: ReturnType<StatementContext['insertStatement']>) => lowerDml(l, c, 'insert')],
  ['updateStatement', (l, c: ReturnType<StatementContext['updateStatement']>) => lowerDml(l, c, 'update')],
  ['deleteStatement', (l, c: ReturnType<StatementContext['deleteStatement']>) => lowerDml(l, c, 'delete')],
  ['undeleteStatement', (l, c: ReturnType<StatementContext['undeleteStatement']>) => lowerDml(l, c, 'undelete')],
  ['upsertStatement', lowerUpsert],
  ['mergeStatement', lowerMerge],
  ['runAsStatement', lowerRunAs],
] satisfies [Kind, (l: Lowering, context: never) => Statement][];

export function lowerStatement(l: Lowering, context: StatementContext): Statement {
  for (const [kind, transform] of TRANSFORMERS) {
    const child = context[kind]() as unknown;
    if (child !== null) return transform(l, child as never);
  }
  throw new Incomplete();
}

function lowerLiteral(context: WhenLiteralContext): WhenValue {
  const nested = context.whenLiteral();
  if (nested !== null) return lowerLiteral(nested);
  const name = context.qualifiedName();
  if (name !== null) return { kind: 'constant', ...at(context), path: name.id_list().map((part) => part.start.text) };
  const literal: Literal = lowerLiteralToken(need(context.stop));
  const minuses = terminals(context).filter((text) => text === '-').length;
  return { ...literal, ...at(context), text: minuses % 2 === 1 ? `-${literal.text}` : literal.text };
}

function lowerWhen(l: Lowering, context: WhenControlContext): WhenClause {
  const value = need(context.whenValue());
  const type = value.typeRef();
  const literals = value.whenLiteral_list();
  return {
    ...at(context),
    values: literals.length === 0 ? null : literals.map(lowerLiteral),
    type: type === null ? null : lowerType(type),
    name: type === null ? null : need(value.id()).start.text,
    body: lowerBlock(l, need(context.block())),
  };
}

export function lowerSwitch(l: Lowering, context: SwitchStatementContext): SwitchStatement {
  return {
    kind: 'switch',
    ...at(context),
    subject: lowerExpression(l, need(context.expression())),
    whens: context.whenControl_list().map((when) => lowerWhen(l, when)),
  };
}
