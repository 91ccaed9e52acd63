import type { SwitchStatementContext, WhenControlContext, WhenLiteralContext } from '@apexdevtools/apex-parser';
import type { Literal, SwitchStatement, WhenClause, WhenValue } from '../ast.ts';
import { at, need, terminals } from './context.ts';
import type { Lowering } from './context.ts';
import { lowerExpression } from './expressions.ts';
import { lowerLiteralToken } from './literals.ts';
import { lowerBlock } from './statements.ts';
import { lowerType } from './types.ts';

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
