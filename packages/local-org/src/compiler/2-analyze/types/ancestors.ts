/** Supertypes of a type: superclasses and interfaces, with type arguments filled in. */
import type { Type } from '../symbols.ts';
import type { TypeTable } from './type-table.ts';

/** Values of a generic type's parameters. */
export function bindings(type: Type): ReadonlyMap<string, Type> | undefined {
  const names = type.platform?.typeParameters;
  if (names === undefined || type.args.length === 0) return undefined;
  return new Map(names.map((name, i) => [name, type.args[i] ?? type.args[0]!]));
}

function direct(types: TypeTable, type: Type): Type[] {
  if (type.kind === 'user') {
    const { superclass, interfaces } = type.user!;
    return superclass === null ? interfaces : [superclass, ...interfaces];
  }
  if (type.kind !== 'platform') return [];
  const { superclass, interfaces = [] } = type.platform!;
  const bound = bindings(type);
  return [...(superclass === undefined ? [] : [superclass]), ...interfaces].map((ref) => types.fromRef(ref, bound));
}

/** Every supertype with its distance, the type itself (0) first. */
export function ancestors(types: TypeTable, type: Type): Map<Type, number> {
  const found = new Map<Type, number>([[type, 0]]);
  for (const [current, distance] of found) {
    for (const parent of direct(types, current)) if (!found.has(parent)) found.set(parent, distance + 1);
  }
  return found;
}

/** The supertype that instantiates the platform type `key`, for example the Iterable that a class implements. */
export function ancestorNamed(types: TypeTable, type: Type, key: string): Type | null {
  for (const candidate of ancestors(types, type).keys()) {
    if (candidate.kind !== 'user' && candidate.key === key) return candidate;
  }
  return null;
}

/** Interfaces only, all of them. */
export function allInterfaces(types: TypeTable, type: Type): Type[] {
  return [...ancestors(types, type).keys()].filter(
    (candidate) => candidate !== type && (candidate.user?.kind ?? candidate.platform?.kind) === 'interface',
  );
}

export const isException = (types: TypeTable, type: Type): boolean => ancestorNamed(types, type, 'exception') !== null;
