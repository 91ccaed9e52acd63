/** Query results as the REST API writes them. */
import type { FieldType, ObjectSchema, QueriedRow, Schema, Value } from '../../store/types.ts';
import { valueToJson } from './values.ts';

export type RecordJson = {
  [key: string]: Value | RecordJson | ChildrenJson | StructureJson | { type: string; url?: string };
};

/** The metadata of a component, as the Tooling API shows it, or a compound address. */
interface StructureJson {
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
  const object = schema.objects.get(row.object.toLowerCase());
  for (const [name, value] of row.values) {
    const type = row.aggregate?.get(name) ?? object?.fields.get(name.toLowerCase())?.type;
    json[name] = isStructured(name, type, object) ? structureOf(value) : valueToJson(value, type);
  }
  for (const [name, parent] of row.parents) json[name] = parent && rowToJson(parent, schema, base);
  for (const [name, children] of row.children) json[name] = childrenToJson(children, schema, base);
  return json;
};

/** Fields whose value is the text of a JSON object. */
const isStructured = (name: string, type: FieldType | undefined, object: ObjectSchema | undefined): boolean =>
  type === 'address' || (name === 'Metadata' && object?.toolingOnly === true);

const structureOf = (value: Value): StructureJson | null =>
  value === null ? null : (JSON.parse(String(value)) as StructureJson);

const attributes = (row: QueriedRow, base: string): { type: string; url?: string } =>
  row.aggregate ? { type: 'AggregateResult' } : { type: row.object, url: `${base}/sobjects/${row.object}/${row.id}` };

/** A subquery without rows answers null, not an empty list. */
const childrenToJson = (rows: QueriedRow[], schema: Schema, base: string): ChildrenJson | null =>
  rows.length === 0
    ? null
    : { totalSize: rows.length, done: true, records: rows.map((row) => rowToJson(row, schema, base)) };
