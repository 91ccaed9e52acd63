/** System.Database. */
import type { PlatformRuntime, QueryOptions } from '../services.ts';
import type { Apex, DmlOperation, NativeFunction, StdFactory } from '../types.ts';
import { ApexList, ApexMap, apexException, LocalBinds, NativeObject, type SObject } from '../values/index.ts';
import { present } from './shared/arguments.ts';
import { accessOf, allOrNoneOf, runDml } from './shared/dml-arguments.ts';
import { dmlResult, type ResultType } from './shared/dml-result.ts';
import { QueryLocator } from './shared/query-locator.ts';

/** Records a batch execution takes at once when the caller does not say; and the most it may. */
const DEFAULT_SCOPE = 200;
const MAX_SCOPE = 2000;

class Savepoint extends NativeObject {
  readonly token: number;

  constructor(token: number) {
    super('Savepoint');
    this.token = token;
  }
}

/** Binds from a map or, added by the compiler, from local variables; and the access level. */
const queryOptions = (args: readonly Apex[]): QueryOptions => {
  const options: QueryOptions = {};
  const access = accessOf(args);
  if (access !== undefined) options.access = access;
  const locals = args.find((value): value is LocalBinds => value instanceof LocalBinds);
  if (locals) options.binds = locals.values;
  const map = args.find((value): value is ApexMap => value instanceof ApexMap);
  if (map) options.binds = Object.fromEntries(map.entries() as [string, Apex][]);
  return options;
};

const queries = ($: PlatformRuntime): Record<string, NativeFunction> => {
  const query: NativeFunction = (soql: string | null, ...args: Apex[]) =>
    $.services.query(present(soql), queryOptions(args));
  const count: NativeFunction = (soql: string | null, ...args: Apex[]) =>
    $.services.countQuery(present(soql), queryOptions(args));
  const locator: NativeFunction = (source: Apex, ...args: Apex[]) =>
    present(source) instanceof ApexList
      ? new QueryLocator(null, {}, source)
      : new QueryLocator(source, queryOptions(args));
  return {
    query,
    querywithbinds: query,
    countquery: count,
    countquerywithbinds: count,
    getquerylocator: locator,
    getquerylocatorwithbinds: locator,
  };
};

const operation =
  ($: PlatformRuntime, name: DmlOperation, type: ResultType): NativeFunction =>
  (target: Apex, ...args: Apex[]) =>
    runDml($, name, type, target, args);

const merge = ($: PlatformRuntime, master: Apex, duplicates: Apex, args: Apex[]): Apex => {
  const list = present(duplicates) instanceof ApexList;
  const records: Apex[] = list ? (duplicates as ApexList).items : [duplicates];
  const access = accessOf(args);
  const outcomes = $.services.merge(present(master), records, {
    allOrNone: allOrNoneOf(args),
    ...(access === undefined ? {} : { access }),
  });
  const results = outcomes.map((outcome) => dmlResult($, 'Database.MergeResult', outcome));
  return list ? new ApexList('Database.MergeResult', results) : results[0];
};

/** One id or record, or a list of them: the answer has the same shape. */
const emptyRecycleBin = ($: PlatformRuntime, target: Apex, args: Apex[]): Apex => {
  const list = present(target) instanceof ApexList;
  const items: Apex[] = list ? (target as ApexList).items : [target];
  const ids = items.map((item) => (typeof item === 'string' ? item : present((present(item) as SObject).id)));
  const results = $.services
    .emptyRecycleBin(ids, accessOf(args))
    .map((outcome) => dmlResult($, 'Database.EmptyRecycleBinResult', outcome));
  return list ? new ApexList('Database.EmptyRecycleBinResult', results) : results[0];
};

const scopeOf = (scope: number): number => {
  if (present(scope) < 1) throw apexException('UnexpectedException', 'Batch size must be greater than 0');
  return Math.min(scope, MAX_SCOPE);
};

const factory: StdFactory = (runtime) => {
  const $ = runtime as PlatformRuntime;
  return {
    name: 'Database',
    s: {
      ...queries($),
      insert: operation($, 'insert', 'Database.SaveResult'),
      update: operation($, 'update', 'Database.SaveResult'),
      upsert: operation($, 'upsert', 'Database.UpsertResult'),
      delete: operation($, 'delete', 'Database.DeleteResult'),
      undelete: operation($, 'undelete', 'Database.UndeleteResult'),
      merge: (master: Apex, duplicates: Apex, ...args: Apex[]) => merge($, master, duplicates, args),
      emptyrecyclebin: (target: Apex, ...args: Apex[]) => emptyRecycleBin($, target, args),
      setsavepoint: () => new Savepoint($.services.setSavepoint()),
      rollback: (savepoint: Savepoint | null) => $.services.rollback(present(savepoint).token),
      releasesavepoint: (savepoint: Savepoint | null) => $.services.releaseSavepoint(present(savepoint).token),
      executebatch: (job: Apex, scope = DEFAULT_SCOPE) => $.services.async.executeBatch(present(job), scopeOf(scope)),
    },
  };
};

export default factory;
