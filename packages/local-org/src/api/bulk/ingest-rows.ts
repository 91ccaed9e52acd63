/** Rows of an upload as rows to save: values by the field's type, parents by their external ids. */
import type { Access, FieldType, ObjectSchema, Row, Store, Value } from '../../store/types.ts';
import { SOAP_TYPES } from '../describe/field.ts';
import { apiError } from '../errors.ts';
import { idOfObject, readEntries, type Entry } from '../records/collection.ts';
import { idOfParent } from '../records/row-from-json.ts';
import { valueFromJson } from '../records/values.ts';
import type { IngestColumn } from './ingest-columns.ts';
import type { IngestOperation } from './ingest-jobs.ts';

/** Bulk API 2.0 Developer Guide, "Valid CSV Record Rows": empty values are passed over, this one clears a field. */
const NULL = '#N/A';

/** XML Schema Part 2, "boolean". */
const BOOLEANS: Record<string, boolean> = { true: true, false: false, 1: true, 0: false };

const valueOf = (text: string, type: FieldType): Value | undefined =>
  type === 'boolean' ? BOOLEANS[text.toLowerCase()] : valueFromJson(text, type);

export interface RowReading {
  object: ObjectSchema;
  operation: IngestOperation;
  columns: readonly IngestColumn[];
}

const idOf = (store: Store, { object, operation }: RowReading, text: string): string | null => {
  if (text === '') {
    if (operation === 'insert' || operation === 'upsert') return null;
    throw apiError('MISSING_ARGUMENT', 'Id not specified in an update call');
  }
  if (operation === 'insert')
    throw apiError('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id']);
  return idOfObject(store, object, text);
};

type ValueColumn = Exclude<IngestColumn, { kind: 'id' }>;

/** Reads the values of a column. A parent that several rows name is asked for once. */
const reader = (store: Store, access: Access, column: ValueColumn, at: number): ((text: string) => Value) => {
  if (column.kind === 'parent') {
    const found = new Map<string, string>();
    return (text) => {
      const id = found.get(text) ?? idOfParent(store, access, column, text);
      found.set(text, id);
      return id;
    };
  }
  const { name, type } = column.field;
  return (text) => {
    const value = valueOf(text, type);
    if (value !== undefined) return value;
    const words = `Failed to deserialize field at col ${at + 1}. Due to, '${text}' is not a valid value for the type ${SOAP_TYPES[type] ?? type}`;
    throw apiError('INVALID_TYPE_ON_FIELD_IN_RECORD', words, [name]);
  };
};

/** Each row as one to save, or why it cannot be read: one that cannot does not fail the others. */
export const readRows = (store: Store, access: Access, reading: RowReading, rows: readonly string[][]): Entry[] => {
  const { object, columns } = reading;
  const idAt = columns.findIndex(({ kind }) => kind === 'id');
  const readers = columns.flatMap((column, at) =>
    column.kind === 'id'
      ? []
      : {
          at,
          name: (column.kind === 'field' ? column.field : column.lookup).name,
          read: reader(store, access, column, at),
        },
  );
  const read = (row: string[]): Row => {
    const values = new Map<string, Value>();
    for (const { at, name, read: valueAt } of readers) {
      const text = row[at]!;
      if (text !== '') values.set(name, text === NULL ? null : valueAt(text));
    }
    return { object: object.name, id: idAt < 0 ? null : idOf(store, reading, row[idAt]!), values };
  };
  return readEntries([...rows], read);
};
