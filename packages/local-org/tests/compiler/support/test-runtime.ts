/**
 * The least runtime that runs compiled modules on the real operators, values and standard library:
 * no store, queries answer from a table, DML and queries are written to the log.
 */
import { runInThisContext } from 'node:vm';
import type { CompiledModule, TypeRef } from '../../../src/compiler/types.ts';
import { ops } from '../../../src/platform/ops/index.ts';
import { Program, loadModule } from '../../../src/platform/runtime/program.ts';
import { apexFrames } from '../../../src/platform/runtime/stack.ts';
import { castValue, isInstance } from '../../../src/platform/runtime/type-test.ts';
import { createStd } from '../../../src/platform/std/index.ts';
import type { Apex } from '../../../src/platform/types.ts';
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
  toApexString,
} from '../../../src/platform/values/index.ts';
import { normalizeId } from '../../../src/store/ids/record-id.ts';
import { catalogue } from './compile-text.ts';
import { schema } from './schema.ts';

export type Rows = Record<string, { type: string; fields: Record<string, Apex> }[]>;

const STORE_TYPES: Record<string, string> = {
  String: 'string',
  Id: 'reference',
  Decimal: 'double',
  Double: 'double',
  Integer: 'int',
  Boolean: 'boolean',
  Date: 'date',
  Datetime: 'datetime',
};

/** The compiler's schema as far as the standard library asks for it. */
function storeObjects(): Map<string, Apex> {
  return new Map(
    Object.entries(schema.objects).map(([key, { name, fields }]) => [
      key,
      {
        name,
        fields: new Map(
          Object.entries(fields).map(([field, described]) => [
            field,
            { ...described, type: STORE_TYPES[described.type] },
          ]),
        ),
      },
    ]),
  );
}

export class TestRuntime {
  readonly log: string[] = [];
  readonly program: Program;
  readonly rows: Rows;
  readonly ops = ops;
  readonly std: Record<string, Apex>;
  readonly ApexObject = ApexObject;
  readonly ApexException = ApexException;
  readonly #classes = new Map<string, Apex>();
  readonly #initialized = new Set<string>();
  sharing: (string | null)[] = [];
  ticks = 0;
  trigger: Apex = {};

  constructor(modules: CompiledModule[], rows: Rows = {}) {
    this.program = new Program(
      modules.map((module) => loadModule(module, 66)),
      [],
    );
    this.rows = rows;
    this.std = createStd(this);
  }

  get services(): Apex {
    return {
      log: (_level: string, text: string) => this.log.push(text),
      now: () => 0,
      frames: (exception: ApexException) => apexFrames(exception.stack, this.program),
      query: (text: string, { binds }: { binds?: Record<string, Apex> }) => {
        this.log.push(
          `query ${text} ${Object.entries(binds ?? {})
            .map(([name, value]) => `${name}=${toApexString(value)}`)
            .join(' ')}`.trim(),
        );
        return this.#result(text);
      },
      user: () => ({ locale: 'en_US', timeZone: 'America/New_York' }),
      instantiate: (type: TypeRef) => this.cls(type).$new$0(),
      typeForName: (_namespace: string | null, name: string) => this.program.classInfo(name)?.name ?? null,
      schema: () => ({ objects: storeObjects() }),
    };
  }

  get #types(): Apex {
    const objects = new Map(Object.entries(schema.objects));
    return { program: this.program, catalogue, store: { schema: { objects }, normalizeId } };
  }

  load(name: string): Apex {
    const key = name.toLowerCase();
    const outer = key.split('.', 1)[0]!;
    if (!this.#classes.has(outer)) this.#classes.set(outer, this.program.classModule(outer)!.factory(this));
    return this.#classes.get(key);
  }

  cls(name: string): Apex {
    const type = this.load(name);
    const outer = name.toLowerCase().split('.', 1)[0]!;
    if (!this.#initialized.has(outer)) {
      this.#initialized.add(outer);
      this.#classes.get(outer).$init?.();
    }
    return type;
  }

  define = (name: string, type: Apex) => void this.#classes.set(name.toLowerCase(), type);

  nn(value: Apex): Apex {
    if (value === null || value === undefined)
      throw apexException('NullPointerException', 'Attempt to de-reference a null object') as unknown as Error;
    return value;
  }

  call = (target: Apex, method: string, args: Apex[]) =>
    this.nn(target)[`${method.toLowerCase()}$${args.length}`](...args);
  newList = (element: TypeRef, items: Apex[] = []) => new ApexList(element, items);
  newSet = (element: TypeRef, items: Apex[] = []) => new ApexSet(element, items);
  newMap = (key: TypeRef, value: TypeRef, entries: [Apex, Apex][] = []) => new ApexMap(key, value, entries);
  newSObject = (object: string, fields: Record<string, Apex> = {}) => new SObject(object, fields);
  sget = (record: SObject, name: string) => record.get(name);
  sput = (record: SObject, name: string, value: Apex) => void this.nn(record).put(name, value);
  srel = (record: SObject, name: string) => record.parent(name);
  schildren = (record: SObject, name: string) => record.childRecords(name);

  #result(text: string): ApexList {
    const rows = this.rows[text] ?? [];
    return new ApexList(
      rows[0]?.type ?? 'SObject',
      rows.map(({ type, fields }) => new SObject(type, fields)),
    );
  }

  #query(text: string, binds: Apex[]): ApexList {
    this.log.push(`soql ${text}${binds.map((bind) => ` | ${toApexString(bind)}`).join('')}`);
    return this.#result(text);
  }

  soql = (text: string, binds: Apex[]) => this.#query(text, binds);
  soqlOne = (text: string, binds: Apex[]) => ops['single']!(this.#query(text, binds));
  soqlCount = (text: string, binds: Apex[]) => this.#query(text, binds).size;
  sosl(text: string, binds: Apex[]): ApexList {
    this.log.push(`sosl ${text}${binds.map((bind) => ` | ${toApexString(bind)}`).join('')}`);
    return new ApexList('List<SObject>');
  }

  dml = (operation: string, records: Apex, options?: object) =>
    void this.log.push(
      `${operation} ${toApexString(records)}${options === undefined ? '' : ` ${JSON.stringify(options)}`}`,
    );
  merge = (master: Apex, duplicates: Apex) =>
    void this.log.push(`merge ${toApexString(master)} ${toApexString(duplicates)}`);
  is = (value: Apex, type: TypeRef) => isInstance(this.#types, value, type);
  cast = (value: Apex, type: TypeRef) => castValue(this.#types, value, type);
  typeOf = (type: TypeRef) => new ApexType(type);
  sobjectType = (object: string) => new SObjectTypeToken(object);
  sobjectField = (object: string, field: string) => new SObjectFieldToken(object, field);
  label = (name: string) => `label:${name}`;
  enum(name: string, constants: string[]): Apex {
    const values = constants.map((constant, ordinal) => new ApexEnum(name, constant, ordinal));
    return { ...Object.fromEntries(values.map((value) => [value.name, value])), $values: values };
  }

  caught(error: unknown): Apex {
    if (error instanceof ApexException) return error;
    throw error as Error;
  }

  thrown = (exception: Apex) =>
    exception ?? apexException('NullPointerException', 'Attempt to de-reference a null object');
  tick = () => void this.ticks++;
  spend = () => {};
  hold = () => {};
  release = () => {};
  cover = (path: string, line: number) => void this.log.push(`cover ${path}:${line}`);
  runAsBegin(user: Apex): string {
    this.log.push(`run as ${toApexString(user)}`);
    return 'back';
  }

  runAsEnd = (token: string) => void this.log.push(`run as ended ${token}`);
  enter(sharing: string): string {
    this.log.push(`enter ${sharing}`);
    return sharing;
  }

  leave = (token: string) => void this.log.push(`leave ${token}`);
}

/** Runs a script module; an exception that leaves it is logged with its stack trace. */
export function runScript(runtime: TestRuntime, module: CompiledModule): void {
  const run =
    runtime.program.module(module.path) === module
      ? loadModule(module, 66).factory(runtime)
      : runInThisContext(module.code)(runtime);
  try {
    (run as () => void)();
  } catch (error) {
    if (!(error instanceof ApexException)) throw error;
    runtime.log.push(
      error.toText(),
      ...apexFrames(error.stack, runtime.program).map((frame) => `${frame.location}: line ${frame.line}`),
    );
  }
}
