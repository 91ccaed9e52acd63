/** Rows of an upload as rows to save: values by the field's type, parents by their external ids. */
import type { Access, FieldType, ObjectSchema, Row, SaveError, Store, Value } from '../../store/types.ts';
import type { Entry } from '../records/collection.ts';
import { valueFromJson } from '../records/values.ts';
import type { IngestColumn } from './ingest-columns.ts';
import type { IngestOperation } from './ingest-jobs.ts';

/** Bulk API 2.0 Developer Guide, "Valid CSV Record Rows": empty values are passed over, this one clears a field. */
const NULL = '#N/A';

type ParentColumn = Extract<IngestColumn, { kind: 'parent' }>;

/** Names of types in the words of Salesforce's deserializer. */
const XSD: Partial<Record<FieldType, string>> = {
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  time: 'xsd:time',
};

/** XML Schema Part 2, "boolean". */
const BOOLEANS: Record<string, boolean> = { true: true, false: false, 1: true, 0: false };

const valueOf = (text: string, type: FieldType): Value | undefined =>
  type === 'boolean' ? BOOLEANS[text.toLowerCase()] : valueFromJson(text, type);

class Unreadable extends Error {
  readonly errors: SaveError[];
  constructor(code: string, message: string, fields: string[]) {
    super(message);
    this.errors = [{ code, message, fields }];
  }
}

/** The ids of the parents that a column of these rows names, each asked for once. */
const parentIds = (
  store: Store,
  access: Access,
  column: ParentColumn,
  texts: readonly string[],
): ((text: string) => string[]) => {
  const { parent, by } = column;
  const wanted = new Set(texts.filter((text) => text !== '' && text !== NULL));
  const found = new Map<string, string[]>();
  for (const text of wanted) {
    const value = valueFromJson(text, by.type) ?? null;
    const { rows } = store.query(`SELECT Id FROM ${parent.name} WHERE ${by.name} = :value LIMIT 2`, {
      access,
      binds: { value },
    });
    found.set(
      text,
      rows.map(({ id }) => id!),
    );
  }
  return (text) => found.get(text) ?? [];
};

const parentOf = ({ parent, by }: ParentColumn, text: string, idsOf: (text: string) => string[]): string => {
  const ids = idsOf(text);
  if (ids.length === 1) return ids[0]!;
  const shown = `${text} ${ids.length > 1 ? 'matches more than one record' : 'not found'}`;
  const words = `Foreign key external ID: ${shown} for field ${by.name} in entity ${parent.name}`;
  throw new Unreadable('INVALID_FIELD', words, []);
};

export interface RowReading {
  object: ObjectSchema;
  operation: IngestOperation;
  columns: readonly IngestColumn[];
}

const idOf = (store: Store, { object, operation }: RowReading, text: string): string | null => {
  if (operation === 'insert') {
    if (text === '') return null;
    throw new Unreadable('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id']);
  }
  if (text === '' && operation !== 'upsert')
    throw new Unreadable('MISSING_ARGUMENT', 'Id not specified in an update call', []);
  if (text === '') return null;
  const id = store.normalizeId(text);
  if (id && store.objectOfId(id)?.name === object.name) return id;
  throw new Unreadable('MALFORMED_ID', `${object.name} ID: id value of incorrect type: ${text}`, ['Id']);
};

/** Each row as one to save, or why it cannot be read: one that cannot does not fail the others. */
export const readRows = (
  store: Store,
  access: Access,
  reading: RowReading,
  rows: readonly (readonly string[])[],
): Entry[] => {
  const { object, columns } = reading;
  const parents = columns.map((column, at) =>
    column.kind === 'parent'
      ? parentIds(
          store,
          access,
          column,
          rows.map((row) => row[at]!),
        )
      : null,
  );
  const read = (row: readonly string[]): Row => {
    const values = new Map<string, Value>();
    let id: string | null = null;
    for (const [at, column] of columns.entries()) {
      const text = row[at]!;
      if (column.kind === 'id') id = idOf(store, reading, text);
      else if (text !== '') {
        const field = column.kind === 'field' ? column.field : column.lookup;
        values.set(field.name, text === NULL ? null : valueAt(column, text, at, parents[at]!));
      }
    }
    return { object: object.name, id, values };
  };
  return rows.map((row) => {
    try {
      return read(row);
    } catch (error) {
      if (error instanceof Unreadable) return error.errors;
      throw error;
    }
  });
};

const valueAt = (
  column: Exclude<IngestColumn, { kind: 'id' }>,
  text: string,
  at: number,
  idsOf: (text: string) => string[],
): Value => {
  if (column.kind === 'parent') return parentOf(column, text, idsOf);
  const { name, type } = column.field;
  const value = valueOf(text, type);
  if (value !== undefined) return value;
  const words = `Failed to deserialize field at col ${at + 1}. Due to, '${text}' is not a valid value for the type ${XSD[type] ?? type}`;
  throw new Unreadable('INVALID_TYPE_ON_FIELD_IN_RECORD', words, [name]);
};
