import type {
  ComparisonOperatorContext,
  ConditionalExpressionContext,
  FieldExpressionContext,
  LogicalExpressionContext,
  WhereConditionalExpressionContext,
  WhereLogicalExpressionContext,
} from '@apexdevtools/apex-parser';
import type { Comparison, Condition } from '../ast.ts';
import { unsupported } from '../errors.ts';
import { lowerCall, lowerPath } from './lower-expression.ts';
import { lowerOperand } from './lower-value.ts';

/** WHERE and HAVING have grammars of their own that lower to the same conditions. */
export function lowerCondition(
  tree: WhereLogicalExpressionContext | LogicalExpressionContext,
  text: string,
): Condition {
  const parts =
    'whereConditionalExpression_list' in tree
      ? tree.whereConditionalExpression_list()
      : tree.conditionalExpression_list();
  const conditions = parts.map((part) => lowerPart(part, text));
  if (tree.NOT()) return { kind: 'not', condition: conditions[0]! };
  if (conditions.length === 1) return conditions[0]!;
  return { kind: tree.SOQLAND_list().length > 0 ? 'and' : 'or', conditions };
}

function lowerPart(part: WhereConditionalExpressionContext | ConditionalExpressionContext, text: string): Condition {
  if ('whereLogicalExpression' in part) {
    if (part.whereLogicalExpression()) return lowerCondition(part.whereLogicalExpression(), text);
    const field = part.whereFieldExpression();
    if (field.FORMULA()) throw unsupported('FORMULA() in WHERE');
    return lowerComparison(field.fieldExpression(), text);
  }
  if (part.logicalExpression()) return lowerCondition(part.logicalExpression(), text);
  return lowerComparison(part.fieldExpression(), text);
}

function lowerComparison(node: FieldExpressionContext, text: string): Condition {
  return {
    kind: 'compare',
    left: node.fieldName() ? lowerPath(node.fieldName()) : lowerCall(node.soqlFunction()),
    operator: operatorOf(node.comparisonOperator()),
    right: lowerOperand(node.value(), text),
  };
}

function operatorOf(node: ComparisonOperatorContext): Comparison {
  const text = node.getText().toUpperCase();
  if (text === '<>') return '!=';
  return text === 'NOTIN' ? 'NOT IN' : (text as Comparison);
}
