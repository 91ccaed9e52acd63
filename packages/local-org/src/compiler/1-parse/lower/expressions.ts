/** Expressions: one transformer per kind of the parser's tree. */
import {
  Arth1ExpressionContext,
  Arth2ExpressionContext,
  ArrayExpressionContext,
  AssignExpressionContext,
  BitAndExpressionContext,
  BitExpressionContext,
  BitNotExpressionContext,
  BitOrExpressionContext,
  CastExpressionContext,
  CmpExpressionContext,
  CoalExpressionContext,
  CondExpressionContext,
  DotExpressionContext,
  EqualityExpressionContext,
  InstanceOfExpressionContext,
  LogAndExpressionContext,
  LogOrExpressionContext,
  MethodCallExpressionContext,
  NegExpressionContext,
  NewExpressionContext,
  PostOpExpressionContext,
  PreOpExpressionContext,
  PrimaryExpressionContext,
  SubExpressionContext,
} from '@apexdevtools/apex-parser';
import type { ApexParserRuleContext, ExpressionContext, ExpressionListContext } from '@apexdevtools/apex-parser';
import type { AssignmentOperator, BinaryOperator, Expression } from '../ast.ts';
import { at, atToken, need, terminals } from './context.ts';
import type { Lowering } from './context.ts';
import { binary, castOrBinary } from './cast-or-binary.ts';
import { lowerCreator } from './creators.ts';
import { lowerPrimary } from './primaries.ts';
import { lowerType } from './types.ts';

type Transformer<C> = (l: Lowering, context: C) => Expression;

interface TwoSided extends ApexParserRuleContext {
  expression(index: number): ExpressionContext;
}

const SPELLINGS: Record<string, BinaryOperator> = { '<>': '!=' };

/** `a op b`; operators of several tokens (`>>`, `<=`) are joined. */
const lowerBinary: Transformer<TwoSided> = (l, context) => {
  const spelled = terminals(context).join('');
  const operator = SPELLINGS[spelled] ?? (spelled as BinaryOperator);
  const left = lowerExpression(l, need(context.expression(0)));
  const right = lowerExpression(l, need(context.expression(1)));
  return binary(at(context), operator, left, right);
};

const lowerDot: Transformer<DotExpressionContext> = (l, context) => {
  const target = lowerExpression(l, context.expression());
  const safe = terminals(context)[0] === '?.';
  const call = context.dotMethodCall();
  if (call !== null) {
    const name = need(call.anyId()).start;
    return {
      kind: 'call',
      ...atToken(name),
      target,
      name: name.text,
      safe,
      arguments: lowerExpressionList(l, call.expressionList()),
    };
  }
  const name = need(context.anyId()).start;
  return { kind: 'member', ...atToken(name), target, name: name.text, safe };
};

const lowerCall: Transformer<MethodCallExpressionContext> = (l, context) => {
  const call = need(context.methodCall());
  const args = lowerExpressionList(l, call.expressionList());
  const name = call.id();
  if (name !== null)
    return { kind: 'call', ...at(context), target: null, name: name.start.text, safe: false, arguments: args };
  return {
    kind: 'constructorCall',
    ...at(context),
    of: call.start.text.toLowerCase() as 'this' | 'super',
    arguments: args,
  };
};

const lowerPreOp: Transformer<PreOpExpressionContext> = (l, context) => {
  const operand = lowerExpression(l, need(context.expression()));
  const operator = context.start.text as '+' | '-' | '++' | '--';
  if (operator === '++' || operator === '--')
    return { kind: 'increment', ...at(context), operator, prefix: true, operand };
  return { kind: 'unary', ...at(context), operator, operand };
};

const TRANSFORMERS = new Map<unknown, Transformer<never>>([
  [
    PrimaryExpressionContext,
    ((l, c) => lowerPrimary(l, need(c.primary()))) satisfies Transformer<PrimaryExpressionContext>,
  ],
  [DotExpressionContext, lowerDot],
  [MethodCallExpressionContext, lowerCall],
  [PreOpExpressionContext, lowerPreOp],
  [
    ArrayExpressionContext,
    ((l, c) => ({
      kind: 'index',
      ...at(c),
      target: lowerExpression(l, need(c.expression(0))),
      index: lowerExpression(l, need(c.expression(1))),
    })) satisfies Transformer<ArrayExpressionContext>,
  ],
  [
    NewExpressionContext,
    ((l, c) => lowerCreator(l, need(c.creator()), at(c))) satisfies Transformer<NewExpressionContext>,
  ],
  [
    CastExpressionContext,
    ((l, c) =>
      castOrBinary(
        at(c),
        lowerType(need(c.typeRef())),
        lowerExpression(l, need(c.expression())),
      )) satisfies Transformer<CastExpressionContext>,
  ],
  [
    SubExpressionContext,
    ((l, c) => ({
      kind: 'paren',
      ...at(c),
      inner: lowerExpression(l, need(c.expression())),
    })) satisfies Transformer<SubExpressionContext>,
  ],
  [
    PostOpExpressionContext,
    ((l, c) => ({
      kind: 'increment',
      ...at(c),
      operator: terminals(c)[0] as '++' | '--',
      prefix: false,
      operand: lowerExpression(l, need(c.expression())),
    })) satisfies Transformer<PostOpExpressionContext>,
  ],
  [
    NegExpressionContext,
    ((l, c) => ({
      kind: 'unary',
      ...at(c),
      operator: c.start.text as '!' | '~',
      operand: lowerExpression(l, need(c.expression())),
    })) satisfies Transformer<NegExpressionContext>,
  ],
  [
    InstanceOfExpressionContext,
    ((l, c) => ({
      kind: 'instanceOf',
      ...at(c),
      operand: lowerExpression(l, need(c.expression())),
      type: lowerType(need(c.typeRef())),
    })) satisfies Transformer<InstanceOfExpressionContext>,
  ],
  [
    CondExpressionContext,
    ((l, c) => ({
      kind: 'conditional',
      ...at(c),
      test: lowerExpression(l, need(c.expression(0))),
      then: lowerExpression(l, need(c.expression(1))),
      else: lowerExpression(l, need(c.expression(2))),
    })) satisfies Transformer<CondExpressionContext>,
  ],
  [
    AssignExpressionContext,
    ((l, c) => ({
      kind: 'assign',
      ...at(c),
      operator: terminals(c)[0] as AssignmentOperator,
      target: lowerExpression(l, need(c.expression(0))),
      value: lowerExpression(l, need(c.expression(1))),
    })) satisfies Transformer<AssignExpressionContext>,
  ],
  ...[
    Arth1ExpressionContext,
    Arth2ExpressionContext,
    BitExpressionContext,
    CmpExpressionContext,
    EqualityExpressionContext,
    BitAndExpressionContext,
    BitNotExpressionContext,
    BitOrExpressionContext,
    LogAndExpressionContext,
    LogOrExpressionContext,
    CoalExpressionContext,
  ].map((type): [unknown, Transformer<never>] => [type, lowerBinary]),
]);

export function lowerExpression(l: Lowering, context: ExpressionContext): Expression {
  const transformer = need(TRANSFORMERS.get(need(context).constructor)) as Transformer<ExpressionContext>;
  return transformer(l, context);
}

export function lowerExpressionList(l: Lowering, context: ExpressionListContext | null): Expression[] {
  return context === null ? [] : context.expression_list().map((item) => lowerExpression(l, item));
}
