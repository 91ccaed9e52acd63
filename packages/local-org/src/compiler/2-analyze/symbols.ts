/** What pass 1 knows of the program's own types and members. */
import type {
  ConstructorDeclaration,
  FieldDeclaration,
  MethodDeclaration,
  PropertyDeclaration,
  TypeDeclaration,
  UnitDeclaration,
} from '../1-parse/ast.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ClassInfo, SourceUnit } from '../types.ts';
import type { Type } from './types/type.ts';

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
