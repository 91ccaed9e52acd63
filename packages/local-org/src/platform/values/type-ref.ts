/** Reading of TypeRef text: `Map<Id,List<Case>>` is the base `Map` with two arguments. */
import type { TypeRef } from '../../compiler/types.ts';

/** The name before the angle bracket. */
export const baseOf = (type: TypeRef): string => {
  const open = type.indexOf('<');
  return open < 0 ? type : type.slice(0, open);
};

/** The type arguments, outermost level: of `Map<Id,List<Case>>` these are `Id` and `List<Case>`. */
export const argumentsOf = (type: TypeRef): TypeRef[] => {
  const open = type.indexOf('<');
  if (open < 0) return [];
  const parts: TypeRef[] = [];
  let depth = 0;
  let start = open + 1;
  for (let i = start; i < type.length; i++) {
    const c = type[i];
    if (c === '<') depth++;
    else if (c === '>' && depth-- === 0) parts.push(type.slice(start, i).trim());
    else if (c === ',' && depth === 0) {
      parts.push(type.slice(start, i).trim());
      start = i + 1;
    }
  }
  return parts;
};
