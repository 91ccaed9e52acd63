/** Query results as the REST API writes them. */
import type { QueriedRow, Schema, Value } from '../../store/types.ts';
import { valueToJson } from './values.ts';

export type RecordJson = {
  [key: string]: Value | RecordJson | ChildrenJson | MetadataJson | { type: string; url?: string };
};

/** The metadata of a component, as the Tooling API shows it. */
interface MetadataJson {
  [element: string]: Value;
}

interface ChildrenJson {
  totalSize: number;
  done: boolean;
  records: RecordJson[];
}

/** `base` is `/services/data/v67.0`. */
export const rowToJson = (row: QueriedRow, schema: Schema, base: string): RecordJson => {
  const json: RecordJson = { attributes: attributes(row, base) };
  const fields = schema.objects.get(row.object.toLowerCase())?.fields;
  for (const [name, value] of row.values) {
    json[name] =
      name === 'Metadata' &&
      typeof value === 'string' &&
      schema.objects.get(row.object.toLowerCase())?.toolingOnly === true
        ? (JSON.parse(value) as MetadataJson)
        : valueToJson(value, row.aggregate?.get(name) ?? fields?.get(name.toLowerCase())?.type);
  }
  for (const [name, parent] of row.parents) json[name] = parent && rowToJson(parent, schema, base);
  for (const [name, children] of row.children) json[name] = childrenToJson(children, schema, base);
  return json;
};

const attributes = (row: QueriedRow, base: string): { type: string; url?: string } =>
  row.aggregate ? { type: 'AggregateResult' } : { type: row.object, url: `${base}/sobjects/${row.object}/${row.id}` };

/** A subquery without rows answers null, not an empty list. */
const childrenToJson = (rows: QueriedRow[], schema: Schema, base: string): ChildrenJson | null =>
  rows.length === 0
    ? null
    : { totalSize: rows.length, done: true, records: rows.map((row) => rowToJson(row, schema, base)) };
