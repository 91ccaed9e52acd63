/** Names of types in source to types. */
import type { TypeNode } from '../1-parse/ast.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { Program } from './program.ts';
import { enclosing, lineage, type UserType, type Type } from './symbols.ts';

/** Namespaces of the platform whose types may be written with or without them. */
const TRANSPARENT_NAMESPACES = new Set(['system', 'schema']);

/** An inner class of the type or of its superclasses. */
export function innerType(type: UserType, name: string): UserType | null {
  for (const current of lineage(type)) {
    const inner = current.inner.get(name);
    if (inner !== undefined) return inner;
  }
  return null;
}

/** A user type by simple name as seen from `scope`: inner classes first, then the enclosing ones, then the program's. */
export function visibleType(program: Program, name: string, scope: UserType | null): UserType | null {
  for (const current of enclosing(scope)) {
    const inner = innerType(current, name);
    if (inner !== null) return inner;
    if (current.simpleName.toLowerCase() === name) return current;
  }
  return program.userTypes.get(name) ?? null;
}

/** The catalogue's or the schema's type of a simple or qualified lower-cased name. */
export function platformType(program: Program, name: string, args: readonly Type[] = []): Type | null {
  const { types } = program;
  if (name === 'object' || name === 'sobject' || types.has(name)) return types.platform(name, args);
  const record = types.recordNamed(name);
  if (record !== null) return record;
  return types.has(`schema.${name}`) ? types.platform(`schema.${name}`, args) : null;
}

/** Null when nothing has that name. */
export function lookupType(program: Program, node: TypeNode, scope: UserType | null): Type | null {
  const names = node.parts.map((part) => part.name.toLowerCase());
  const written = node.parts.at(-1)!.arguments;
  const args: Type[] = [];
  for (const argument of written) {
    const type = lookupType(program, argument, scope);
    if (type === null) return null;
    args.push(type);
  }
  if (args.length === 0) {
    let user = visibleType(program, names[0]!, scope);
    for (let i = 1; i < names.length && user !== null; i++) user = innerType(user, names[i]!);
    if (user !== null) return user.type;
  }
  const found = platformType(program, names.join('.'), args);
  if (found !== null) return accept(found, args.length);
  if (names.length > 1 && TRANSPARENT_NAMESPACES.has(names[0]!)) {
    const inner = platformType(program, names.slice(1).join('.'), args);
    if (inner !== null) return accept(inner, args.length);
  }
  return null;
}

/** Type arguments must be given where the type has parameters and nowhere else. */
function accept(type: Type, given: number): Type | null {
  const wanted = type.platform?.typeParameters?.length ?? 0;
  return wanted === given || (given === 0 && wanted > 0 && !['list', 'set', 'map'].includes(type.key)) ? type : null;
}

export const typeText = (node: TypeNode): string =>
  node.parts
    .map((part) =>
      part.arguments.length === 0 ? part.name : `${part.name}<${part.arguments.map(typeText).join(',')}>`,
    )
    .join('.');

/** Reports what does not resolve, at the innermost place. */
export function resolveType(program: Program, node: TypeNode, scope: UserType | null, diagnostics: Diagnostics): Type {
  const type = lookupType(program, node, scope);
  if (type !== null) return type;
  for (const argument of node.parts.at(-1)!.arguments) {
    if (resolveType(program, argument, scope, diagnostics) === program.types.error) return program.types.error;
  }
  diagnostics.report(node, 'INVALID_TYPE', typeText(node));
  return program.types.error;
}
