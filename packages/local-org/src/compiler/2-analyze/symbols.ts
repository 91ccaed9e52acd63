/** Types, and what user code declares. */
import type {
  ConstructorDeclaration,
  FieldDeclaration,
  MethodDeclaration,
  PropertyDeclaration,
  TypeDeclaration,
  UnitDeclaration,
} from '../1-parse/ast.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { CatalogueType, ObjectDescription, TypeRef, ClassInfo, SourceUnit } from '../types.ts';

/** Types as the analyser compares them: interned, so that equal types are the same object. */
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

/** What pass 1 knows of the program's own types and members. */
export type Access = 'private' | 'protected' | 'public' | 'global';

export interface ParameterSymbol {
  name: string;
  type: Type;
}

export interface FieldSymbol {
  name: string;
  owner: UserType;
  type: Type;
  static: boolean;
  final: boolean;
  transient: boolean;
  access: Access;
  testVisible: boolean;
  /** JavaScript property. */
  member: string;
  /** Where the value lies when `member` is a pair of accessor functions, else the same. */
  storage: string;
  declaration: FieldDeclaration | PropertyDeclaration;
  /** For properties: undefined accessor means none. */
  getter: Access | null;
  setter: Access | null;
}

export interface MethodSymbol {
  name: string;
  owner: UserType;
  static: boolean;
  access: Access;
  testVisible: boolean;
  abstract: boolean;
  virtual: boolean;
  override: boolean;
  parameters: ParameterSymbol[];
  returns: Type;
  /** JavaScript member. */
  member: string;
  declaration: MethodDeclaration;
}

export interface ConstructorSymbol {
  owner: UserType;
  access: Access;
  testVisible: boolean;
  parameters: ParameterSymbol[];
  member: string;
  /** Null for the constructor without parameters that a class has when it declares none. */
  declaration: ConstructorDeclaration | null;
}

/** `member` forwards to `target`, or picks one of `overloads` by the arguments' runtime types. */
export interface Bridge {
  member: string;
  static: boolean;
  arity: number;
  overloads: MethodSymbol[];
}

export interface UserType {
  /** `Outer` or `Outer.Inner`. */
  name: string;
  simpleName: string;
  kind: ClassInfo['kind'];
  declaration: TypeDeclaration;
  unit: UnitSymbol;
  outer: UserType | null;
  /** Keyed by lower-cased simple name. */
  inner: Map<string, UserType>;
  type: Type;
  abstract: boolean;
  virtual: boolean;
  access: Access;
  testVisible: boolean;
  isTest: boolean;
  sharing: ClassInfo['sharing'];
  superclass: Type | null;
  interfaces: Type[];
  /** Keyed by lower-cased name. */
  fields: Map<string, FieldSymbol>;
  methods: Map<string, MethodSymbol[]>;
  constructors: ConstructorSymbol[];
  bridges: Bridge[];
  /** Enum constants, lower-cased to declared spelling, in order. */
  constants: Map<string, string>;
}

export interface UnitSymbol {
  source: SourceUnit;
  diagnostics: Diagnostics;
  declaration: UnitDeclaration;
  /** The class, or for triggers and scripts a stand-in that owns their classes and methods. */
  type: UserType;
}

/** The type and its user superclasses, nearest first. */
export function* lineage(type: UserType): Generator<UserType> {
  const seen = new Set<UserType>();
  for (
    let current: UserType | null = type;
    current !== null && !seen.has(current);
    current = current.superclass?.user ?? null
  ) {
    seen.add(current);
    yield current;
  }
}

/** The type itself, its outer type. */
export function* enclosing(type: UserType | null): Generator<UserType> {
  for (let current = type; current !== null; current = current.outer) yield current;
}

export function outermost(type: UserType): UserType {
  return type.outer === null ? type : outermost(type.outer);
}

/** `execute(Integer, String)`. */
export const signature = (name: string, parameters: readonly { type: Type }[]): string =>
  `${name}(${parameters.map((parameter) => parameter.type.ref).join(', ')})`;
