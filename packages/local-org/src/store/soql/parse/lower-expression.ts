import type { FieldNameContext, SoqlFunctionContext } from '@apexdevtools/apex-parser';
import type { Call, Path, Position } from '../ast.ts';
import { unsupported } from '../errors.ts';

/** Where a node of the tree begins. */
export const positionOf = (node: { start: { line: number; column: number } }): Position => ({
  line: node.start.line,
  column: node.start.column + 1,
});

export function lowerPath(node: FieldNameContext): Path {
  return { kind: 'path', parts: node.soqlId_list().map((id) => id.getText()), position: positionOf(node) };
}

const UNSUPPORTED = new Set(['DISTANCE', 'GROUPING', 'CONVERTCURRENCY', 'FIELDS', 'FORMAT']);

export function lowerCall(node: SoqlFunctionContext): Call {
  const name = node.start.text.toUpperCase();
  if (UNSUPPORTED.has(name)) throw unsupported(`${name}()`);
  return { kind: 'call', name, argument: argumentOf(node), position: positionOf(node) };
}

function argumentOf(node: SoqlFunctionContext): Path | Call | null {
  const date = node.dateFieldName() as ReturnType<SoqlFunctionContext['dateFieldName']> | null;
  if (date) {
    const path = lowerPath(date.fieldName());
    return date.CONVERT_TIMEZONE()
      ? { kind: 'call', name: 'CONVERTTIMEZONE', argument: path, position: positionOf(date) }
      : path;
  }
  if (node.fieldName()) return lowerPath(node.fieldName());
  return node.soqlFunction() ? lowerCall(node.soqlFunction()) : null;
}
