/** Explicit casts: which are possible at all. Whether one succeeds is the runtime's affair. */
import { conversion } from './conversion.ts';
import { isCollection, isEnum, isRecord, numericRank } from './type.ts';
import type { Type } from './type.ts';
import type { TypeTable } from './type-table.ts';

const open = (type: Type): boolean =>
  type.kind === 'user' || (type.kind === 'platform' && !isCollection(type) && !isEnum(type));

const isInterface = (type: Type): boolean => (type.user?.kind ?? type.platform?.kind) === 'interface';

export function castable(types: TypeTable, from: Type, to: Type): boolean {
  if (from.kind === 'void' || to.kind === 'void') return false;
  if (from.kind === 'object' || from.kind === 'error' || to.kind === 'error') return true;
  if (conversion(types, from, to) !== null || conversion(types, to, from) !== null) return true;
  if (numericRank(from) > 0 && numericRank(to) > 0) return true;
  // The parent of a polymorphic lookup is a Name until it is cast.
  if (isRecord(from) && isRecord(to)) return [from, to].some((type) => type === types.sobject || type.key === 'name');
  if (isCollection(from) && from.key === to.key)
    return from.args.every((arg, i) => castable(types, arg, to.args[i] ?? arg));
  if (isInterface(from)) return open(to) || isCollection(to);
  if (isInterface(to)) return open(from);
  return false;
}
