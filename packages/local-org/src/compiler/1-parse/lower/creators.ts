/** `new …` in its five shapes. */
import type { CreatorContext } from '@apexdevtools/apex-parser';
import type { Expression, Position, TypeNode } from '../ast.ts';
import { need } from './context.ts';
import type { Lowering } from './context.ts';
import { lowerExpression, lowerExpressionList } from './expressions.ts';
import { listOf, lowerCreatedName } from './types.ts';

const isMap = (type: TypeNode): boolean => type.parts.at(-1)!.name.toLowerCase() === 'map';

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
