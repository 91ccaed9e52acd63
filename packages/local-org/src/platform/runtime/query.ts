/** SOQL of compiled code and of Database.query, on the store. */
import type { Binds, QueryResult, Value } from '../../store/types.ts';
import { StoreError } from '../../store/types.ts';
import type { AccessMode } from '../services.ts';
import type { Apex } from '../types.ts';
import { ApexList, ApexMap, ApexSet, apexException, SObject } from '../values/index.ts';
import { fromQuery, toValue } from './records.ts';
import type { RuntimeView } from './view.ts';
import { childQueries, queriedObject } from './soql-text.ts';

/** Runs a query whose cost is nobody's: the platform reads for a batch job. */
const queryUncounted = ($: RuntimeView, soql: string, binds: Record<string, Apex>, mode: AccessMode): QueryResult =>
  asQueryException(() =>
    $.transaction.store.query(soql, { access: $.transaction.access(mode), binds: toBinds(binds) }),
  );

/** Runs a query with its cost charged to the transaction. */
const runQuery = ($: RuntimeView, soql: string, binds: Record<string, Apex>, mode: AccessMode): QueryResult => {
  const { transaction } = $;
  const { governor } = transaction.unit;
  const counted = isCounted(soql);
  if (counted) governor.count('Queries');
  const result = queryUncounted($, soql, binds, mode);
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

const toBinds = (binds: Record<string, Apex>): Binds =>
  Object.fromEntries(Object.entries(binds).map(([name, value]) => [name, bindValue(value)]));

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
