/**
 * The boundary between compiled Apex and the platform: the runtime `$` that every compiled module
 * receives, and the shape of one standard type's implementation.
 *
 * Representation of Apex values in JavaScript:
 *   null → null (never undefined) · Boolean → boolean · Integer → number (32-bit) · Long → bigint
 *   Double → ApexDouble · Decimal → Decimal (unscaled bigint + scale) · String and Id → string
 *   (an Id always has 18 characters) · Date/Datetime/Time/Blob → ApexDate/ApexDatetime/ApexTime/ApexBlob
 *   List/Set/Map → ApexList/ApexSet/ApexMap (know their element types) · SObject → SObject
 *   enum constant → ApexEnum (one object per constant and transaction) · user class → instance of its
 *   JavaScript class (extends ApexObject) · exception → ApexException or a user subclass of it
 *   standard object types (HttpRequest, Database.SaveResult …) → instance of NativeObject or a
 *   subclass, with `apexType` set.
 */
import type { TypeRef } from '../compiler/types.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- compiled Apex is typed by the analyser, not by TypeScript
export type Apex = any;
export type NativeFunction = (...args: Apex[]) => Apex;

/**
 * One standard type. Member names are lower-cased. A function receives all overloads of its name and
 * tells them apart by the number and the runtime types of its arguments; the analyser has checked
 * them against the catalogue.
 */
export interface StdType {
  /** Catalogue name: `String`, `Database`, `Schema.SObjectType`. */
  name: string;
  /** Constructor: `new Http()`. Arguments follow the type arguments array: `create(typeArguments, ...args)`. */
  create?: (typeArguments: TypeRef[], ...args: Apex[]) => Apex;
  /** Static methods. */
  s?: Record<string, NativeFunction>;
  /** Instance methods: the receiver comes first and is never null (the caller checks). */
  m?: Record<string, NativeFunction>;
  /** Static properties. */
  sp?: Record<string, { get: () => Apex; set?: (value: Apex) => void }>;
  /** Instance properties, receiver first. */
  p?: Record<string, { get: (self: Apex) => Apex; set?: (self: Apex, value: Apex) => void }>;
  /** Constants of an enum in order, in Apex spelling. */
  values?: string[];
}

/** A file `platform/std/<Type>.ts` exports this as `default`; it is called once per transaction, on first use. */
export type StdFactory = ($: Runtime) => StdType;

export interface TriggerContext {
  new: Apex;
  old: Apex;
  newMap: Apex;
  oldMap: Apex;
  isBefore: boolean;
  isAfter: boolean;
  isInsert: boolean;
  isUpdate: boolean;
  isDelete: boolean;
  isUndelete: boolean;
  isExecuting: boolean;
  size: number;
  /** Constant of System.TriggerOperation. */
  operationType: Apex;
}

export type DmlOperation = 'insert' | 'update' | 'upsert' | 'delete' | 'undelete';

/**
 * What compiled code may use. Operators: see platform/ops.ts, reached as `$.ops.<name>`.
 * Everything here is per transaction.
 */
export interface Runtime {
  ops: Record<string, NativeFunction>;
  /** Standard types by lower-cased catalogue name: `$.std['string'].m.length(x)`. Created on first use. */
  std: Record<string, StdType>;
  /** A user class by name (`Outer`, `Outer.Inner`, any case), loaded and statically initialised on first use in this transaction. */
  cls(name: string): Apex;
  /** A superclass while its subclass loads: static initialisers (`$init`) are left for later, because they may need that subclass. */
  load(name: string): Apex;
  /** Registers an inner class while its outer module loads. */
  define(name: string, type: Apex): void;

  /** Receiver check: returns `value` or throws NullPointerException ("Attempt to de-reference a null object"). */
  nn(value: Apex): Apex;
  /** Calls a user-implemented method by name, through the `name$arity` member every class has. */
  call(target: Apex, method: string, args: Apex[]): Apex;

  newList(element: TypeRef, items?: Apex[]): Apex;
  newSet(element: TypeRef, items?: Apex[]): Apex;
  /** `entries` as [key, value] pairs. */
  newMap(key: TypeRef, value: TypeRef, entries?: [Apex, Apex][]): Apex;
  /** `new Case(Subject = 'x')`; fields in schema spelling. */
  newSObject(object: string, fields?: Record<string, Apex>): Apex;
  /** Typed field read: throws SObjectException when the field was not queried. */
  sget(record: Apex, field: string): Apex;
  sput(record: Apex, field: string, value: Apex): Apex;
  /** Parent record through a relationship (`Account`, `Parent__r`). Null when the lookup is empty. */
  srel(record: Apex, relationship: string): Apex;
  /** Child records (`Cases`). */
  schildren(record: Apex, relationship: string): Apex;

  /** Inline SOQL with binds `:b0`, `:b1`, …. `access` 'user' for WITH USER_MODE is in the text; `sharing` comes from the running class. */
  soql(text: string, binds: Apex[]): Apex;
  /** Assigned to a single SObject: QueryException when there is not exactly one row. */
  soqlOne(text: string, binds: Apex[]): Apex;
  soqlCount(text: string, binds: Apex[]): number;
  sosl(text: string, binds: Apex[]): Apex;
  /** DML statement (all or none). `mode` from `as user` / `as system`. */
  dml(operation: DmlOperation, records: Apex, options?: { mode?: 'user' | 'system'; externalIdField?: string }): void;
  merge(master: Apex, duplicates: Apex, options?: { mode?: 'user' | 'system' }): void;

  /** Runtime type test and cast, by canonical TypeRef. */
  is(value: Apex, type: TypeRef): boolean;
  cast(value: Apex, type: TypeRef): Apex;
  /** Type literal: `Account.class`. */
  typeOf(type: TypeRef): Apex;
  /** Schema token: `Case.SObjectType`, `Case.Subject` (as Schema.SObjectField). */
  sobjectType(object: string): Apex;
  sobjectField(object: string, field: string): Apex;
  /** Label.x, Page.x are compile errors unless supported. */
  label(name: string): string;

  /** Makes the constants of a user enum: an object with one ApexEnum per name, plus `$values` in order. */
  enum(name: string, constants: string[]): Apex;

  /** Turns what a JavaScript catch caught into an Apex exception; rethrows what Apex cannot catch (limits, internal errors, `Rollback`). */
  caught(error: unknown): Apex;
  /** What a throw statement throws: the exception itself (null becomes NullPointerException). */
  thrown(exception: Apex): unknown;

  trigger: TriggerContext;

  /** Counts CPU: emitted at loop heads and method entries. Enforces the CPU limit by statement count, so it is deterministic. */
  tick(): void;
  /** Counts CPU of work that the library does in one go: so many characters read, elements compared. */
  spend(steps: number): void;
  /** Emitted at the head of a body: tells the values of its variables, for the size of the heap, until `release`. */
  hold(variables: () => unknown[]): void;
  release(): void;
  /** Coverage: emitted before each statement when coverage is on. */
  cover?(module: string, line: number): void;

  /** `System.runAs(user) { … }` */
  runAsBegin(user: Apex): Apex;
  runAsEnd(token: Apex): void;

  /** Sharing of the running class, pushed by methods of classes that declare one: returns a token for `leave`. */
  enter(sharing: 'with' | 'without' | 'inherited'): Apex;
  leave(token: Apex): void;

  /** Base classes for emitted code. */
  ApexObject: Apex;
  ApexException: Apex;
}
