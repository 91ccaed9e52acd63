/**
 * The terms of the compiler. It imports no other part of the local org: what it must know of the
 * platform (types, schema, which members are implemented) reaches it as the data described here.
 */

/**
 * A type as text: namespace-qualified unless the namespace is System, generics in angle brackets
 * without spaces: `String`, `List<Account>`, `Map<Id,List<Object>>`, `Schema.SObjectType`,
 * `Database.SaveResult`. Type parameters stand as themselves (`T`). `void` for no value.
 */
export type TypeRef = string;

export interface CatalogueParameter {
  name?: string;
  type: TypeRef;
}

export interface CatalogueMethod {
  name: string;
  static: boolean;
  parameters: CatalogueParameter[];
  returns: TypeRef;
}

export interface CatalogueField {
  name: string;
  static: boolean;
  type: TypeRef;
}

export interface CatalogueType {
  /** Qualified name in Salesforce's spelling, without `System.`: `String`, `Database.Batchable`. */
  name: string;
  kind: 'class' | 'interface' | 'enum';
  abstract?: boolean;
  /** Names of the type parameters, for example `['K', 'V']`. */
  typeParameters?: string[];
  superclass?: TypeRef;
  interfaces?: TypeRef[];
  constructors?: CatalogueParameter[][];
  methods?: CatalogueMethod[];
  fields?: CatalogueField[];
  /** Constants of an enum in declaration order. */
  values?: string[];
}

/** The Apex standard library as the analyser sees it. Keys are lower-cased qualified names. */
export interface TypeCatalogue {
  types: Record<string, CatalogueType>;
}

/** What the analyser must know of one field. Types are Apex types (`Id`, `String`, `Decimal`, …). */
export interface FieldDescription {
  name: string;
  type: TypeRef;
  /** For a lookup: the relationship's name (`Account`, `Parent__r`) and the objects it may point to. */
  relationshipName?: string;
  referenceTo?: string[];
  /** A formula or a roll-up summary: what assigns it does not compile. */
  calculated?: boolean;
}

export interface ObjectDescription {
  name: string;
  /** Keyed by lower-cased field name. */
  fields: Record<string, FieldDescription>;
  /** Child relationships: lower-cased relationship name to child object. */
  childRelationships: Record<string, { name: string; object: string; field: string }>;
}

/** Objects keyed by lower-cased name, custom ones of the project included. */
export interface SchemaDescription {
  objects: Record<string, ObjectDescription>;
}

export interface SourceUnit {
  kind: 'class' | 'trigger' | 'anonymous';
  /** Class or trigger name; `anonymous` for anonymous Apex. */
  name: string;
  /** Path shown in diagnostics, relative to the project. */
  path: string;
  text: string;
  /**
   * From the -meta.xml. From 67.0 on a class without a sharing declaration runs `with sharing` (emit `$.enter('with')`),
   * WITH SECURITY_ENFORCED is an error, and database operations run in user mode unless they say otherwise: that default is
   * the runtime's affair (it hands each module a `$` for its version). Triggers always run in system mode without sharing.
   */
  apiVersion?: number;
  /** From the -meta.xml of a trigger: an inactive one compiles, and does not run. Absent: it is active. */
  isActive?: boolean;
}

export interface Diagnostic {
  code: string;
  level: 'error' | 'warning';
  message: string;
  path: string;
  /** 1-based. */
  line: number;
  /** 1-based, in UTF-16 code units. */
  column: number;
}

/**
 * The platform members that have an implementation, lower-cased: `string.s.valueof` (static),
 * `string.m.length` (instance), `http.new`, `url.p.path` (property), `logginglevel.v` (enum).
 * Using a catalogued member that is not in here is a compile error, never a silent no-op.
 */
export type SupportedMembers = ReadonlySet<string>;

export interface CompileInput {
  units: SourceUnit[];
  catalogue: TypeCatalogue;
  schema: SchemaDescription;
  supported: SupportedMembers;
}

export interface AnnotationInfo {
  /** Lower-cased, without the @. */
  name: string;
  /** Lower-cased parameter names; a bare value stands under ''. */
  parameters: Record<string, string | boolean>;
}

export interface MethodInfo {
  name: string;
  static: boolean;
  /** Name of the JavaScript member that holds it. */
  member: string;
  annotations: AnnotationInfo[];
  parameters: { name: string; type: TypeRef }[];
  returns: TypeRef;
  line: number;
  modifiers: string[];
}

export interface ClassInfo {
  /** `Outer` or `Outer.Inner`. */
  name: string;
  kind: 'class' | 'interface' | 'enum';
  superclass?: TypeRef;
  /** All interfaces, inherited ones too. */
  interfaces: TypeRef[];
  sharing: 'with' | 'without' | 'inherited' | 'omitted';
  annotations: AnnotationInfo[];
  methods: MethodInfo[];
  inner: ClassInfo[];
  line: number;
  modifiers: string[];
}

export type TriggerEventName =
  | 'before insert'
  | 'before update'
  | 'before delete'
  | 'after insert'
  | 'after update'
  | 'after delete'
  | 'after undelete';

export interface TriggerInfo {
  name: string;
  object: string;
  events: TriggerEventName[];
}

export interface CompiledModule {
  kind: SourceUnit['kind'];
  name: string;
  path: string;
  /**
   * JavaScript text of one function expression `(function ($) { … })`. Called once per transaction
   * with that transaction's runtime: a class module returns the class object, a trigger or
   * anonymous module returns a function without parameters that runs it.
   */
  code: string;
  /** Apex line (1-based) of each generated line (index = generated line - 1; 0 = none). */
  lines: number[];
  /** Apex lines that can be executed, for coverage. */
  executableLines: number[];
  class?: ClassInfo;
  trigger?: TriggerInfo;
}

export interface CompileOutput {
  /** Modules of the units that have no error. A unit with an error has diagnostics instead. */
  modules: CompiledModule[];
  diagnostics: Diagnostic[];
}
