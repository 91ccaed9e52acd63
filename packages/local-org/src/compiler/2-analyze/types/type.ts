/** Types as the analyser compares them: interned, so that equal types are the same object. */
import type { CatalogueType, ObjectDescription, TypeRef } from '../../types.ts';
import type { UserType } from '../symbols.ts';

export type TypeKind =
  /** Of statements and void methods. */
  | 'void'
  /** Of the literal `null`. */
  | 'null'
  /** Something already reported: goes with everything, so that one mistake gives one message. */
  | 'error'
  | 'primitive'
  | 'object'
  | 'sobject'
  | 'platform'
  | 'user';

export interface Type {
  readonly kind: TypeKind;
  /** Canonical text, as the runtime gets it. */
  readonly ref: TypeRef;
  /** Lower-cased name without arguments: key of the catalogue, the schema or the program. */
  readonly key: string;
  readonly args: readonly Type[];
  readonly platform: CatalogueType | null;
  readonly user: UserType | null;
  /** Null for the generic SObject. */
  readonly object: ObjectDescription | null;
}

export const PRIMITIVES = new Set([
  'boolean',
  'integer',
  'long',
  'double',
  'decimal',
  'string',
  'id',
  'date',
  'datetime',
  'time',
  'blob',
]);

const NUMERIC_RANK: Record<string, number> = { integer: 1, long: 2, double: 3, decimal: 4 };

/** 0 for types that are not numbers; a wider type has a higher rank. */
export const numericRank = (type: Type): number => (type.kind === 'primitive' ? (NUMERIC_RANK[type.key] ?? 0) : 0);

export const isPrimitive = (type: Type, key: string): boolean => type.kind === 'primitive' && type.key === key;

export const isText = (type: Type): boolean => isPrimitive(type, 'string') || isPrimitive(type, 'id');

export const isPlatform = (type: Type, key: string): boolean => type.kind === 'platform' && type.key === key;

export const isList = (type: Type): boolean => isPlatform(type, 'list');

export const isCollection = (type: Type): boolean => isList(type) || isPlatform(type, 'set') || isPlatform(type, 'map');

/** A concrete or generic SObject, or an AggregateResult. */
export const isRecord = (type: Type): boolean => type.kind === 'sobject' || isPlatform(type, 'aggregateresult');

export const isEnum = (type: Type): boolean => (type.user?.kind ?? type.platform?.kind) === 'enum';

/** Unknown or already reported: checks are left out. */
export const isLoose = (type: Type): boolean => type.kind === 'error' || type.kind === 'null';
