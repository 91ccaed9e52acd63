import type { FieldSchema, FieldType, ObjectSchema, Value } from '../types.ts';
import { quote } from './database.ts';
import type { SqlValue } from './database.ts';

const INTEGERS = new Set<FieldType>(['boolean', 'int', 'datetime', 'time']);
const REALS = new Set<FieldType>(['double', 'currency', 'percent']);
/** Compared byte by byte: ids, and text that must not be folded. */
const EXACT = new Set<FieldType>(['id', 'reference', 'base64', 'date']);

/** Whether the field has a column: formulas are computed on read, compound addresses are their parts. */
export const isStored = (field: FieldSchema): boolean => field.formula === undefined && field.type !== 'address';

/** The object's fields that have a column, in schema order. */
export const storedFields = (object: ObjectSchema): FieldSchema[] => [...object.fields.values()].filter(isStored);

/** SQL type and collation of the field's column: Salesforce compares text without regard to case unless the field says so. */
export function columnType(field: FieldSchema): string {
  if (INTEGERS.has(field.type)) return 'INTEGER';
  if (REALS.has(field.type)) return 'REAL';
  return EXACT.has(field.type) || field.caseSensitive ? 'TEXT' : 'TEXT COLLATE NOCASE';
}

/** Lookups that every row fills and nobody searches children by: an index would only slow writes down. */
const UNINDEXED = new Set(['CreatedById', 'LastModifiedById', 'MasterRecordId', 'RecordTypeId']);

/** Whether queries may search by the field fast: lookups, external ids, unique fields and names, as on the platform. */
export const isIndexed = (field: FieldSchema): boolean => !UNINDEXED.has(field.name) && isSearchable(field);

const isSearchable = (field: FieldSchema): boolean =>
  field.type === 'reference' ||
  field.externalId ||
  field.unique ||
  field.nameField ||
  field.idLookup ||
  field.name === 'SystemModstamp';

export const indexName = (object: ObjectSchema, field: FieldSchema): string => quote(`${object.name}.${field.name}`);

export const toSql = (value: Value): SqlValue => (typeof value === 'boolean' ? Number(value) : value);

/** A column's content as a value of the field's type. */
export const fromSql = (type: FieldType, raw: unknown): Value => (type === 'boolean' ? raw === 1 : (raw as Value));
