/**
 * `/query?q=…&columns=true`: what a query's columns are, without its rows. The command line asks for
 * it to print a table; the columns are read off the first row.
 */
import type { FieldSchema, QueriedRow, Schema } from '../../store/types.ts';
import type { Answer, Call } from '../call.ts';
import { apiError } from '../errors.ts';

interface Column {
  aggregate: boolean;
  apexType: string;
  booleanType: boolean;
  columnName: string;
  custom: boolean;
  displayName: string;
  foreignKeyName: string | null;
  insertable: boolean;
  joinColumns: Column[];
  numberType: boolean;
  textType: boolean;
  updatable: boolean;
}

const APEX_TYPES: Record<string, string> = {
  id: 'Id',
  reference: 'Id',
  boolean: 'Boolean',
  int: 'Integer',
  double: 'Double',
  currency: 'Double',
  percent: 'Double',
  date: 'Date',
  datetime: 'Datetime',
  time: 'Time',
  base64: 'Blob',
  address: 'Address',
};
const NUMBERS = new Set(['Integer', 'Double']);

export const columnMetadata = (call: Call): Answer => {
  const soql = call.query.get('q');
  if (!soql) throw apiError('MALFORMED_QUERY', 'No query string was specified: give the parameter q');
  const { store } = call.deps;
  const result = store.query(soql, { access: call.access });
  const object = store.schema.objects.get(result.object.toLowerCase())!;
  const [row] = result.rows;
  return {
    status: 200,
    body: {
      columnMetadata: row ? columnsOf(row, store.schema) : [],
      entityName: object.name,
      groupBy: result.aggregate,
      idSelected: row?.values.has('Id') ?? false,
      keyPrefix: object.keyPrefix,
    },
  };
};

const columnsOf = (row: QueriedRow, schema: Schema): Column[] => {
  const fields = schema.objects.get(row.object.toLowerCase())?.fields;
  const own = [...row.values.keys()].map((name) => {
    const field = fields?.get(name.toLowerCase());
    return column(name, field?.type ?? row.aggregate?.get(name), field, [], row.aggregate !== undefined && !field);
  });
  const parents = [...row.parents].map(([name, parent]) =>
    column(name, undefined, undefined, parent ? columnsOf(parent, schema) : []),
  );
  const children = [...row.children].map(([name, [child]]) =>
    column(name, undefined, undefined, child ? columnsOf(child, schema) : [], true),
  );
  return [...own, ...parents, ...children];
};

const column = (
  name: string,
  type: string | undefined,
  field: FieldSchema | undefined,
  joinColumns: Column[],
  aggregate = false,
): Column => {
  const apexType = type ? (APEX_TYPES[type] ?? 'String') : 'Object';
  return {
    aggregate,
    apexType,
    booleanType: apexType === 'Boolean',
    columnName: name,
    custom: field?.custom ?? false,
    displayName: name,
    foreignKeyName: field?.relationshipName ?? null,
    insertable: field?.createable ?? false,
    joinColumns,
    numberType: NUMBERS.has(apexType),
    textType: apexType === 'String',
    updatable: field?.updateable ?? false,
  };
};
