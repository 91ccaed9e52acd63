import { BoundExpressionContext } from '@apexdevtools/apex-parser';
import type { SoslLiteralContext } from '@apexdevtools/apex-parser';
import type { SoslExpression } from '../ast.ts';
import { at } from './context.ts';
import type { Lowering } from './context.ts';
import { queryText } from './query-text.ts';

/** `[FIND 'x' IN ALL FIELDS RETURNING Case(Id)]`: the text without its brackets. */
export function lowerSosl(l: Lowering, context: SoslLiteralContext): SoslExpression {
  const { text, binds } = queryText(l, context, BoundExpressionContext);
  return { kind: 'sosl', ...at(context), text: text.replace(/^\[\s*/, '').replace(/\s*\]$/, ''), binds };
}
