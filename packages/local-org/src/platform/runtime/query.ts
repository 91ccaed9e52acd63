/** SOQL of compiled code and of Database.query, on the store; records of custom metadata and settings, for getInstance() and getAll(). */
import { type Binds, type QueryResult, type Value, StoreError } from '../../store/types.ts';
import type { AccessMode } from '../services.ts';
import type { Apex } from '../types.ts';
import { SObject, ApexList, ApexMap, ApexSet, apexException } from '../values/index.ts';
import { fromQuery, toValue } from './records.ts';
import type { RuntimeView } from './view.ts';

/** What the runtime must know of a query's text without parsing it: the store parses. */

/** Position of the FROM that belongs to the query itself, not to a sub-query; -1 when there is none. */
const mainFrom = (soql: string): number => {
  let depth = 0;
  for (const token of soql.matchAll(/'(?:\\.|[^'\\])*'|[()]|\bfrom\b/gi)) {
    if (token[0] === '(') depth++;
    else if (token[0] === ')') depth--;
    else if (depth === 0 && token[0].length === 4 && token[0][0] !== "'") return token.index;
  }
  return -1;
};

/** The API name after FROM. */
export const queriedObject = (soql: string): string =>
  /^from\s+(\w+)/i.exec(soql.slice(Math.max(mainFrom(soql), 0)))?.[1] ?? '';

/** Sub-queries of children in the select list. */
export const childQueries = (soql: string): number =>
  (soql.slice(0, Math.max(mainFrom(soql), 0)).match(/\(\s*select\b/gi) ?? []).length;

/** The same columns of the records whose ids are bound to `bind`. */
export const queryByIds = (soql: string, bind: string): string => {
  const from = mainFrom(soql);
  return `${soql.slice(0, from)}FROM ${queriedObject(soql)} WHERE Id IN :${bind}`;
};

/** All records with all fields. Reading them costs nothing and regards no permissions, as on the platform. */
export const setupRecords = ($: RuntimeView, name: string): SObject[] => {
  const { transaction, setupCache } = $.core;
  const { store } = transaction;
  const object = store.schema.objects.get(name.toLowerCase());
  if (!object) throw new Error(`${name} is not an object of the org`);
  const known = setupCache.get(object.name);
  if (known) return known.map((record) => record.clone(true, true, true, true));
  const fields = [...object.fields.values()].map((field) => field.name).join(', ');
  const { rows } = store.query(`SELECT ${fields} FROM ${object.name}`, { access: transaction.access('system') });
  const records = rows.map((row) => fromQuery(store.schema, row));
  // Custom settings may change within a transaction, custom metadata cannot.
  if (object.kind === 'customMetadata') setupCache.set(object.name, records);
  return records;
};

/** Runs a query whose cost is nobody's: the platform reads for a batch job. */
const queryUncounted = ($: RuntimeView, soql: string, binds: Record<string, Apex>, mode: AccessMode): QueryResult =>
  asQueryException(() =>
    $.transaction.store.query(soql, {
      access: $.transaction.access(mode),
      binds: toBinds(soql, binds),
      inTrigger: $.transaction.triggerDepth > 0,
    }),
  );

const FOR_UPDATE = /\bfor\s+update\s*$/i;

/** Runs a query with its cost charged to the transaction. */
const runQuery = ($: RuntimeView, soql: string, binds: Record<string, Apex>, mode: AccessMode): QueryResult => {
  const { transaction } = $;
  const { governor } = transaction.unit;
  const counted = isCounted(soql);
  transaction.heap.check();
  if (counted) governor.count('Queries');
  const result = queryUncounted($, soql, binds, mode);
  if (FOR_UPDATE.test(soql)) for (const { id } of result.rows) if (id !== null) transaction.locked.add(id);
  governor.count('AggregateQueries', childQueries(soql));
  if (counted) governor.count('QueryRows', result.rowsCounted);
  return result;
};

/** List<SObject> (or List<AggregateResult>) of a query. */
export const queryRecords = (
  $: RuntimeView,
  soql: string,
  binds: Record<string, Apex>,
  mode: AccessMode,
  { counted } = { counted: true },
): ApexList => {
  const result = counted ? runQuery($, soql, binds, mode) : queryUncounted($, soql, binds, mode);
  const { schema } = $.transaction.store;
  const records = result.rows.map((row) => fromQuery(schema, row));
  const list = new ApexList(
    result.aggregate ? 'AggregateResult' : (schema.objects.get(result.object.toLowerCase())?.name ?? result.object),
    records,
  );
  if (!result.aggregate) sources.set(list, { soql, access: mode });
  return list;
};

/** Which query made a list: a QueryLocator of inline SOQL reads its records again, chunk by chunk. */
const sources = new WeakMap<ApexList, { soql: string; access: AccessMode }>();

export const sourceOf = (list: ApexList): { soql: string; access: AccessMode } | null => sources.get(list) ?? null;

/** The number of `SELECT COUNT()`, or of rows otherwise. */
export const queryCount = ($: RuntimeView, soql: string, binds: Record<string, Apex>, mode: AccessMode): number => {
  const result = runQuery($, soql, binds, mode);
  return result.count ?? result.rows.length;
};

/** The store's refusal of a query as Apex sees it. */
const asQueryException = <T>(run: () => T): T => {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const exception = apexException('QueryException', error.message);
    exception.detail = { code: error.code, fields: error.fields };
    throw exception;
  }
};

/** Of those that the query names: a local variable beside them may be anything. */
const toBinds = (soql: string, binds: Record<string, Apex>): Binds => {
  const named = new Set([...soql.matchAll(/:\s*(\w+)/g)].map(([, name]) => name!.toLowerCase()));
  return Object.fromEntries(
    Object.entries(binds)
      .filter(([name]) => named.has(name.toLowerCase()))
      .map(([name, value]) => [name, bindValue(value)]),
  );
};

const bindValue = (value: Apex): Value | Value[] => {
  if (value instanceof ApexList) return value.items.map(bindScalar);
  if (value instanceof ApexSet) return value.values().map(bindScalar);
  if (value instanceof ApexMap) throw apexException('QueryException', 'Invalid bind expression type of Map');
  return bindScalar(value);
};

/** A record in a bind stands for its id. */
const bindScalar = (value: Apex): Value => (value instanceof SObject ? value.id : toValue(value));

/** Queries of custom metadata are not counted. Page: "Custom Metadata Types Limitations". */
const isCounted = (soql: string): boolean => !queriedObject(soql).toLowerCase().endsWith('__mdt');
