/** Expressions of the grammar as expressions of the tree. */
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
  type ApexParserRuleContext,
  type ExpressionContext,
  type ExpressionListContext,
  IdPrimaryContext,
  LiteralPrimaryContext,
  SoqlPrimaryContext,
  SoslPrimaryContext,
  SuperPrimaryContext,
  ThisPrimaryContext,
  TypeRefPrimaryContext,
  VoidPrimaryContext,
  type PrimaryContext,
  type CreatorContext,
} from '@apexdevtools/apex-parser';
import type { AssignmentOperator, BinaryOperator, Expression, Position, TypeNode } from '../ast.ts';
import { binary, castOrBinary } from './cast-or-binary.ts';
import { at, atToken, need, terminals, type Lowering, Incomplete } from './context.ts';
import { lowerLiteral } from './literals.ts';
import { lowerSoql, lowerSosl } from './soql.ts';
import { lowerType, listOf, lowerCreatedName } from './types.ts';

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

/** Expressions: one transformer per kind of the parser's tree. */
export function lowerExpression(l: Lowering, context: ExpressionContext): Expression {
  const transformer = need(TRANSFORMERS.get(need(context).constructor)) as Transformer<ExpressionContext>;
  return transformer(l, context);
}

export function lowerExpressionList(l: Lowering, context: ExpressionListContext | null): Expression[] {
  return context === null ? [] : context.expression_list().map((item) => lowerExpression(l, item));
}

export function lowerPrimary(l: Lowering, context: PrimaryContext): Expression {
  const place = at(context);
  if (context instanceof IdPrimaryContext) return { kind: 'name', ...place, name: need(context.id()).start.text };
  if (context instanceof LiteralPrimaryContext) return lowerLiteral(need(context.literal()));
  if (context instanceof ThisPrimaryContext) return { kind: 'this', ...place };
  if (context instanceof SuperPrimaryContext) return { kind: 'super', ...place };
  if (context instanceof TypeRefPrimaryContext)
    return { kind: 'typeLiteral', ...place, type: lowerType(need(context.typeRef())) };
  if (context instanceof VoidPrimaryContext) return { kind: 'typeLiteral', ...place, type: null };
  if (context instanceof SoqlPrimaryContext) return lowerSoql(l, need(context.soqlLiteral()));
  if (context instanceof SoslPrimaryContext) return lowerSosl(l, need(context.soslLiteral()));
  throw new Incomplete();
}

const isMap = (type: TypeNode): boolean => type.parts.at(-1)!.name.toLowerCase() === 'map';

/** `new …` in its five shapes. */
export function lowerCreator(l: Lowering, context: CreatorContext, place: Position): Expression {
  const type = lowerCreatedName(need(context.createdName()));

  const call = context.classCreatorRest();
  if (call !== null) {
    const list = need(call.arguments()).expressionList();
    return { kind: 'new', ...place, type, arguments: lowerExpressionList(l, list) };
  }
  if (context.noRest() !== null) {
    return isMap(type)
      ? { kind: 'newMapItems', ...place, type, entries: [] }
      : { kind: 'newItems', ...place, type, items: [] };
  }
  const array = context.arrayCreatorRest();
  if (array !== null) {
    const size = array.expression();
    if (size !== null) return { kind: 'newSized', ...place, type: listOf(type), size: lowerExpression(l, size) };
    const items = array.arrayInitializer()?.expression_list() ?? [];
    return { kind: 'newItems', ...place, type: listOf(type), items: items.map((item) => lowerExpression(l, item)) };
  }
  const map = context.mapCreatorRest();
  if (map !== null) {
    const entries = map.mapCreatorRestPair_list().map((pair) => ({
      key: lowerExpression(l, need(pair.expression(0))),
      value: lowerExpression(l, need(pair.expression(1))),
    }));
    return { kind: 'newMapItems', ...place, type, entries };
  }
  const items = need(context.setCreatorRest()).expression_list();
  return { kind: 'newItems', ...place, type, items: items.map((item) => lowerExpression(l, item)) };
}
