import type { BoundExpressionContext, DateFormulaContext, ValueContext } from '@apexdevtools/apex-parser';
import type { Bind, DateFormula, Literal, Operand, Scalar } from '../ast.ts';
import { malformed, unsupported } from '../errors.ts';
import { positionOf } from './lower-expression.ts';
import { lowerSubQuery } from './lower-query.ts';
import { unescapeString } from './strings.ts';
import { parseDatetimeLiteral, parseTimeLiteral } from './times.ts';

export function lowerOperand(node: ValueContext, text: string): Operand {
  if (node.subQuery())
    return { kind: 'query', query: lowerSubQuery(node.subQuery(), text), position: positionOf(node) };
  if (node.valueList()) return { kind: 'list', items: node.valueList().value_list().map(lowerScalar) };
  return lowerScalar(node);
}

function lowerScalar(node: ValueContext): Scalar {
  const position = positionOf(node);
  if (node.boundExpression()) return lowerBind(node.boundExpression());
  if (node.dateFormula()) return { ...lowerDateFormula(node.dateFormula()), position };
  return { ...lowerLiteral(node), position };
}

/** A bind is known by its text: `:ids` is `ids`, `: a.b` is `a.b`. */
export function lowerBind(node: BoundExpressionContext): Bind {
  return { kind: 'bind', name: node.expression().getText().toLowerCase(), position: positionOf(node) };
}

function lowerLiteral(node: ValueContext): Literal {
  const text = node.getText();
  if (node.NULL()) return { kind: 'null' };
  if (node.BooleanLiteral()) return { kind: 'boolean', value: text.toLowerCase() === 'true' };
  if (node.StringLiteral()) return { kind: 'string', value: unescapeString(text.slice(1, -1)) };
  if (node.DateLiteral()) return { kind: 'date', value: text };
  if (node.DateTimeLiteral()) return { kind: 'datetime', value: parseDatetimeLiteral(text) };
  if (node.TimeLiteral()) return { kind: 'time', value: parseTimeLiteral(text) };
  if (node.signedNumber()) return { kind: 'number', value: numberOf(text), integral: /^[+-]?\d+$/.test(text) };
  if (node.IntegralCurrencyLiteral()) throw unsupported('a currency literal');
  throw malformed(`unexpected value: ${text}`);
}

function numberOf(text: string): number {
  const value = Number(text);
  if (Number.isNaN(value)) throw malformed(`unexpected token: '${text}'`);
  return value;
}

function lowerDateFormula(node: DateFormulaContext): DateFormula {
  const [name = '', count = '0'] = node.getText().toUpperCase().split(':');
  return { kind: 'dateFormula', name, count: Number(count) };
}
