import type {
  CreatedNameContext,
  QualifiedNameContext,
  TypeListContext,
  TypeRefContext,
} from '@apexdevtools/apex-parser';
import type { TypeNode } from '../ast.ts';
import { at, need, terminals } from './context.ts';

export function lowerTypeList(context: TypeListContext | null): TypeNode[] {
  return context === null ? [] : context.typeRef_list().map(lowerType);
}

/** Arrays are lists: `String[]` is `List<String>`. */
export function listOf(element: TypeNode): TypeNode {
  return { line: element.line, column: element.column, parts: [{ name: 'List', arguments: [element] }] };
}

export function lowerType(context: TypeRefContext): TypeNode {
  const parts = context.typeName_list().map((part) => ({
    name: part.start.text,
    arguments: lowerTypeList(part.typeArguments()?.typeList() ?? null),
  }));
  let type: TypeNode = { ...at(context), parts };
  const dimensions = terminals(context.arraySubscripts()).length / 2;
  for (let i = 0; i < dimensions; i++) type = listOf(type);
  return type;
}

/** The type after `new`. */
export function lowerCreatedName(context: CreatedNameContext): TypeNode {
  const parts = context.idCreatedNamePair_list().map((pair) => ({
    name: need(pair.anyId()).start.text,
    arguments: lowerTypeList(pair.typeList()),
  }));
  return { ...at(context), parts };
}

export function lowerQualifiedName(context: QualifiedNameContext): TypeNode {
  return { ...at(context), parts: context.id_list().map((id) => ({ name: id.start.text, arguments: [] })) };
}
