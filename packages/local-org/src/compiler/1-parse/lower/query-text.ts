/** The text of a query as the store gets it: white space and comments are single blanks, binds are `:b0`, `:b1` … */
import type { ApexParserRuleContext, BoundExpressionContext } from '@apexdevtools/apex-parser';
import type { Expression } from '../ast.ts';
import { need } from './context.ts';
import type { Lowering } from './context.ts';
import { lowerExpression } from './expressions.ts';

interface Node {
  children?: Node[] | null;
  constructor: unknown;
}

function boundExpressions(node: Node, type: unknown, found: BoundExpressionContext[] = []): BoundExpressionContext[] {
  for (const child of node.children ?? []) {
    if (child.constructor === type) found.push(child as unknown as BoundExpressionContext);
    else boundExpressions(child, type, found);
  }
  return found;
}

export interface QueryText {
  text: string;
  binds: Expression[];
}

export function queryText(l: Lowering, context: ApexParserRuleContext, boundType: unknown): QueryText {
  const bound = boundExpressions(context, boundType);
  const binds = bound.map((bind) => lowerExpression(l, need(bind.expression())));
  const last = need(context.stop).tokenIndex;
  let text = '';
  let bind = 0;
  for (let i = context.start.tokenIndex; i <= last; i++) {
    const token = l.tokens[i]!;
    const start = bound[bind];
    if (start !== undefined && i === start.start.tokenIndex) {
      text += `:b${bind++}`;
      i = need(start.stop).tokenIndex;
    } else if (token.channel !== 0) {
      if (!text.endsWith(' ')) text += ' ';
    } else {
      text += token.text;
    }
  }
  return { text, binds };
}
