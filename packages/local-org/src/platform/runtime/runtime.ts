/** `$`: what compiled Apex calls. One core a transaction; one view of it for each default access mode. */
import type { TypeRef } from '../../compiler/types.ts';
import type { TriggerHost } from '../../store/types.ts';
import { ops } from '../ops/index.ts';
import type { AccessMode, Services, TestSupport } from '../services.ts';
import { createStd, registry } from '../std/index.ts';
import type { Apex, DmlOperation, NativeFunction, StdType, TriggerContext } from '../types.ts';
import {
  ApexEnum,
  ApexException,
  apexException,
  ApexList,
  ApexMap,
  ApexObject,
  ApexSet,
  ApexType,
  SObject,
  SObjectFieldToken,
  SObjectTypeToken,
} from '../values/index.ts';
import { enqueueFuture } from './async/enqueue.ts';
import { ClassLoader } from './class-loader.ts';
import { executeDml } from './dml.ts';
import { createServices } from './library-services.ts';
import { mergeRecords } from './merge.ts';
import type { LoadedModule } from './program.ts';
import { queryCount, queryRecords } from './query.ts';
import type { ApexTransaction } from './transaction.ts';
import { NO_TRIGGER, triggerHost } from './trigger-host.ts';
import { castValue, isInstance } from './type-test.ts';
import { engineLimit } from './uncaught.ts';
import type { CoreView, RuntimeView } from './view.ts';

/** From this API version on, database operations run in user mode unless they say otherwise. Page: "Set an Access Mode for Database Operations". */
const USER_MODE_BY_DEFAULT = 67;

/** Standard types whose methods have an access mode by default: each view has its own. */
const ACCESS_AWARE = ['database', 'search', 'eventbus'] as const;

/** What all views of one transaction's runtime share. */
export class RuntimeCore implements CoreView {
  readonly transaction: ApexTransaction;
  readonly loader: ClassLoader;
  readonly runs = new Map<LoadedModule, () => void>();
  readonly systemView: ApexRuntime;
  readonly userView: ApexRuntime;
  trigger: TriggerContext = NO_TRIGGER;
  /** Name of the innermost trigger that runs or has just failed. */
  runningTrigger = '';
  /** Set while an Apex test runs. */
  test: TestSupport | null = null;
  /** Lines that ran, by module path; null when nobody asks for coverage. */
  coverage: Map<string, Set<number>> | null;
  /** Custom metadata that was read. */
  readonly setupCache = new Map<string, SObject[]>();
  #runningFuture: string | null = null;

  constructor(transaction: ApexTransaction) {
    this.transaction = transaction;
    this.coverage = transaction.org.coverage?.lines ?? null;
    this.systemView = new ApexRuntime(this, 'system', null);
    this.userView = new ApexRuntime(this, 'user', this.systemView.std);
    this.loader = new ClassLoader({
      program: transaction.org.program,
      runtimeFor: (module) => this.viewFor(module),
      callFuture: (className, method, args) => enqueueFuture(this.systemView, className, method, args),
      runsFuture: (className, method) => this.#runningFuture === futureName(className, method.member),
    });
    transaction.statics = () => this.loader.statics();
  }

  viewFor({ module, apiVersion }: LoadedModule): ApexRuntime {
    return module.kind !== 'trigger' && apiVersion >= USER_MODE_BY_DEFAULT ? this.userView : this.systemView;
  }

  /** Runs the body of a @future method, which a call would only put into the queue. */
  runFutureBody(className: string, member: string, args: Apex[]): void {
    this.#runningFuture = futureName(className, member);
    try {
      this.loader.get(className)[member](...args);
    } finally {
      this.#runningFuture = null;
    }
  }
}

const futureName = (className: string, member: string): string => `${className}.${member}`;

export class ApexRuntime implements RuntimeView {
  readonly core: RuntimeCore;
  readonly defaultAccess: AccessMode;
  readonly ops: Record<string, NativeFunction> = ops;
  readonly std: Record<string, StdType>;
  readonly services: Services;
  readonly triggerHost: TriggerHost;
  readonly ApexObject = ApexObject;
  readonly ApexException = ApexException;

  constructor(core: RuntimeCore, defaultAccess: AccessMode, sharedStd: Record<string, StdType> | null) {
    this.core = core;
    this.defaultAccess = defaultAccess;
    this.services = createServices(this);
    this.std = sharedStd === null ? createStd(this) : accessAwareStd(this, sharedStd);
    this.triggerHost = triggerHost(this);
  }

  get transaction(): ApexTransaction {
    return this.core.transaction;
  }

  get trigger(): TriggerContext {
    return this.core.trigger;
  }

  set trigger(context: TriggerContext) {
    this.core.trigger = context;
  }

  cls(name: string): Apex {
    return this.core.loader.get(name);
  }

  load(name: string): Apex {
    return this.core.loader.load(name);
  }

  define(name: string, type: Apex): void {
    this.core.loader.define(name, type);
  }

  nn(value: Apex): Apex {
    if (value === null || value === undefined)
      throw apexException('NullPointerException', 'Attempt to de-reference a null object');
    return value;
  }

  call(target: Apex, method: string, args: Apex[]): Apex {
    return this.nn(target)[`${method.toLowerCase()}$${args.length}`](...args);
  }

  newList(element: TypeRef, items: Apex[] = []): ApexList {
    return new ApexList(element, items);
  }

  newSet(element: TypeRef, items: Apex[] = []): ApexSet {
    return new ApexSet(element, items);
  }

  newMap(key: TypeRef, value: TypeRef, entries: [Apex, Apex][] = []): ApexMap {
    return new ApexMap(key, value, entries);
  }

  newSObject(object: string, fields: Record<string, Apex> = {}): SObject {
    const record = new SObject(object);
    for (const [name, value] of Object.entries(fields)) this.sput(record, name, value);
    return record;
  }

  sget(record: Apex, field: string): Apex {
    return (this.nn(record) as SObject).get(field);
  }

  sput(record: Apex, field: string, value: Apex): void {
    // A record can only be the value of a relationship.
    if (value instanceof SObject) (this.nn(record) as SObject).putParent(field, value);
    else (this.nn(record) as SObject).put(field, value);
  }

  srel(record: Apex, relationship: string): Apex {
    return (this.nn(record) as SObject).parent(relationship);
  }

  schildren(record: Apex, relationship: string): Apex {
    return (this.nn(record) as SObject).childRecords(relationship);
  }

  soql(text: string, binds: Apex[]): Apex {
    return queryRecords(this, text, numbered(binds), this.defaultAccess);
  }

  soqlOne(text: string, binds: Apex[]): Apex {
    const { items } = queryRecords(this, text, numbered(binds), this.defaultAccess);
    if (items.length === 0) throw apexException('QueryException', 'List has no rows for assignment to SObject');
    if (items.length > 1) throw apexException('QueryException', 'List has more than 1 row for assignment to SObject');
    return items[0];
  }

  soqlCount(text: string, binds: Apex[]): number {
    return queryCount(this, text, numbered(binds), this.defaultAccess);
  }

  sosl(text: string, binds: Apex[]): Apex {
    return this.services.search(text, { binds: numbered(binds) });
  }

  dml(operation: DmlOperation, records: Apex, options: { mode?: AccessMode; externalIdField?: string } = {}): void {
    executeDml(this, {
      operation,
      records: this.nn(records) instanceof ApexList ? (records as ApexList).items : [records],
      allOrNone: true,
      access: options.mode ?? this.defaultAccess,
      ...(options.externalIdField === undefined ? {} : { externalIdField: options.externalIdField }),
    });
  }

  merge(master: Apex, duplicates: Apex, options: { mode?: AccessMode } = {}): void {
    const list = this.nn(duplicates) instanceof ApexList ? (duplicates as ApexList).items : [duplicates];
    mergeRecords(this, this.nn(master), list, { allOrNone: true, access: options.mode ?? this.defaultAccess });
  }

  is(value: Apex, type: TypeRef): boolean {
    return isInstance(this.transaction.org, value, type);
  }

  cast(value: Apex, type: TypeRef): Apex {
    return castValue(this.transaction.org, value, type);
  }

  typeOf(type: TypeRef): ApexType {
    return new ApexType(type);
  }

  sobjectType(object: string): SObjectTypeToken {
    return new SObjectTypeToken(object);
  }

  sobjectField(object: string, field: string): SObjectFieldToken {
    return new SObjectFieldToken(object, field);
  }

  label(name: string): string {
    const value = this.transaction.org.labels.get(name.toLowerCase());
    if (value === undefined) throw apexException('TypeException', `Custom label ${name} does not exist`);
    return value;
  }

  enum(name: string, constants: string[]): Apex {
    const values = constants.map((constant, ordinal) => new ApexEnum(name, constant, ordinal));
    return Object.assign(Object.fromEntries(values.map((value) => [value.name, value])), { $values: values });
  }

  caught(error: unknown): Apex {
    const limit = engineLimit(error);
    if (limit !== null) throw limit;
    const exception = this.asApexException(error);
    if (exception === null || !exception.catchable) throw error;
    return exception;
  }

  thrown(exception: Apex): unknown {
    return exception ?? apexException('NullPointerException', 'Attempt to de-reference a null object');
  }

  tick(): void {
    const { unit, heap } = this.core.transaction;
    unit.governor.tick();
    heap.check();
  }

  hold(variables: () => unknown[]): void {
    this.core.transaction.heap.hold(variables);
  }

  release(): void {
    this.core.transaction.heap.release();
  }

  spend(steps: number): void {
    this.core.transaction.unit.governor.spend(steps);
  }

  cover(module: string, line: number): void {
    this.core.coverage?.get(module)?.add(line);
  }

  runAsBegin(user: Apex): Apex {
    const { transaction } = this;
    const { userId, unit } = transaction;
    const token = { userId, written: unit.written };
    const id = (this.nn(user) as SObject).id;
    if (id === null) throw apexException('IllegalArgumentException', 'System.runAs needs a user that was inserted');
    unit.governor.count('RunAs');
    transaction.userId = id;
    unit.written = null;
    return token;
  }

  runAsEnd(token: Apex): void {
    this.transaction.userId = token.userId;
    this.transaction.unit.written = token.written;
  }

  enter(sharing: 'with' | 'without' | 'inherited'): Apex {
    const { transaction } = this;
    const outer = transaction.sharing;
    // At an entry point `inherited` means `with`. Page: "Use the with sharing, without sharing, and inherited sharing Keywords".
    if (sharing === 'inherited') transaction.sharing ??= true;
    else transaction.sharing = sharing === 'with';
    return outer;
  }

  leave(token: Apex): void {
    this.transaction.sharing = token;
  }

  /** The exception itself when Apex may catch it, else null. */
  asApexException(error: unknown): ApexException | null {
    return error instanceof ApexException ? error : null;
  }

  /** A constant of a platform or user enum. */
  enumConstant(type: string, name: string): Apex {
    const std = this.std[type.toLowerCase().replace(/^system\./, '')];
    return std ? std.sp![name.toLowerCase()]!.get() : this.cls(type)[name];
  }

  /** `new T()` of a user class, as emitted code makes it. */
  construct(name: string): Apex {
    return this.cls(name).$new$0();
  }

  runTrigger(trigger: LoadedModule): void {
    let run = this.core.runs.get(trigger);
    if (run === undefined) {
      run = trigger.factory(this.core.viewFor(trigger)) as () => void;
      this.core.runs.set(trigger, run);
    }
    this.core.runningTrigger = trigger.module.name;
    run();
  }
}

const numbered = (binds: Apex[]): Record<string, Apex> => Object.fromEntries(binds.map((value, i) => [`b${i}`, value]));

const accessAwareStd = ($: ApexRuntime, shared: Record<string, StdType>): Record<string, StdType> => {
  const std = Object.create(shared) as Record<string, StdType>;
  for (const name of ACCESS_AWARE) {
    const factory = registry[name];
    if (factory === undefined) continue;
    Object.defineProperty(std, name, {
      configurable: true,
      get: () => {
        const value = factory($);
        Object.defineProperty(std, name, { value });
        return value;
      },
    });
  }
  return std;
};
