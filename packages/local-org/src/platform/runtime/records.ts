/** Store rows to Apex records and back. */
import type { FieldSchema, FieldType, ObjectSchema, QueriedRow, Row, Schema, Value } from '../../store/types.ts';
import type { Apex } from '../types.ts';
import {
  AddressObject,
  ApexBlob,
  ApexDate,
  ApexDatetime,
  ApexDouble,
  ApexList,
  ApexTime,
  Decimal,
  SObject,
  apexException,
} from '../values/index.ts';

/** A stored value as Apex sees it. `scale` pads decimals: a Number(9,2) reads `5.00`. Raw values of before triggers keep their digits. */
export const toApex = (value: Value | undefined, type: FieldType, scale?: number): Apex => {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean' ? value : value === 'true' || value === 1;
    case 'int':
      return typeof value === 'number' ? Math.trunc(value) : value;
    case 'double':
    case 'currency':
    case 'percent': {
      if (typeof value !== 'number') return value;
      const decimal = Decimal.fromNumber(value);
      return scale !== undefined && decimal.scale < scale ? decimal.setScale(scale) : decimal;
    }
    case 'date':
      return typeof value === 'string' ? ApexDate.parse(value) : value;
    case 'datetime':
      return typeof value === 'number' ? new ApexDatetime(value) : value;
    case 'time':
      return typeof value === 'number' ? new ApexTime(value) : value;
    case 'base64':
      return typeof value === 'string' ? new ApexBlob(Buffer.from(value, 'base64')) : value;
    case 'address':
      return typeof value === 'string' ? AddressObject.parse(value) : value;
    default:
      return value;
  }
};

/** An Apex value as the store takes it. Nothing is trimmed or rounded: that is the store's part. */
export const toValue = (value: Apex): Value => {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      return Number(value);
    default:
  }
  if (value instanceof Decimal || value instanceof ApexDouble)
    return value instanceof Decimal ? value.toNumber() : value.value;
  if (value instanceof ApexDate) return value.toString();
  if (value instanceof ApexDatetime) return value.ms;
  if (value instanceof ApexTime) return value.ms;
  if (value instanceof ApexBlob) return value.toBase64();
  if (value instanceof AddressObject) return value.toJson();
  throw apexException(
    'TypeException',
    `A value of type ${String((value as { apexType?: string }).apexType)} cannot be stored in a field`,
  );
};

/** What a query loaded into a record, so that a save can tell what the program changed. */
const loadedValues = new WeakMap<SObject, ReadonlyMap<string, Value>>();

/** Did the program leave `field` as the query brought it? */
const isUnchanged = (record: SObject, field: string): boolean => {
  const loaded = loadedValues.get(record);
  return loaded !== undefined && loaded.has(field) && loaded.get(field) === toValue(record.peek(field));
};

const objectOf = (schema: Schema, name: string): ObjectSchema | undefined => schema.objects.get(name.toLowerCase());

const fieldOf = (schema: Schema, object: string, field: string): FieldSchema | undefined =>
  objectOf(schema, object)?.fields.get(field.toLowerCase());

/** Fields by their name in schema spelling, which is how the store spells them: no folding for each value of each row. */
const fieldsOf = (object: ObjectSchema | undefined): ReadonlyMap<string, FieldSchema> => {
  if (object === undefined) return NO_FIELDS;
  let fields = spelled.get(object);
  if (fields === undefined) {
    fields = new Map([...object.fields.values()].map((field) => [field.name, field]));
    spelled.set(object, fields);
  }
  return fields;
};

const spelled = new WeakMap<ObjectSchema, ReadonlyMap<string, FieldSchema>>();
const NO_FIELDS: ReadonlyMap<string, FieldSchema> = new Map();

/** The lookup field of a relationship. */
export const lookupOf = (object: ObjectSchema, relationship: string): FieldSchema | undefined =>
  [...object.fields.values()].find((field) => field.relationshipName?.toLowerCase() === relationship.toLowerCase());

const load = (record: SObject, name: string, value: Value, field: FieldSchema | undefined): void =>
  record.load(name, toApex(value, field?.type ?? 'anyType', field?.scale));

/** A row of a query: reading what was not selected is an error afterwards. */
export const fromQuery = (schema: Schema, row: QueriedRow): SObject => {
  if (row.aggregate) return fromAggregate(row, row.aggregate);
  const object = objectOf(schema, row.object);
  const fields = fieldsOf(object);
  const record = new SObject(object?.name ?? row.object);
  for (const [name, value] of row.values) load(record, name, value, fields.get(name));
  // Apex gets the ids of records and of the parents it follows, whether they were selected or not.
  if (row.id !== null && !row.values.has('Id')) record.load('Id', row.id);
  for (const [name, parent] of row.parents) {
    record.putParent(name, parent === null ? null : fromQuery(schema, parent));
    const lookup = object && lookupOf(object, name);
    if (lookup && !row.values.has(lookup.name)) record.load(lookup.name, parent?.id ?? null);
  }
  for (const [name, children] of row.children) {
    const relationship = object?.childRelationships.get(name.toLowerCase());
    const items = children.map((child) => fromQuery(schema, child));
    record.putChildren(name, new ApexList(relationship?.object ?? children[0]?.object ?? 'SObject', items));
  }
  record.loaded = true;
  loadedValues.set(record, row.values);
  return record;
};

const fromAggregate = (row: QueriedRow, types: ReadonlyMap<string, FieldType>): SObject => {
  const record = new SObject('AggregateResult');
  for (const [name, value] of row.values) record.load(name, toApex(value, types.get(name) ?? 'anyType'));
  return record;
};

/** A record of a trigger: every field may be read. */
export const fromRow = (schema: Schema, row: Row): SObject => {
  const record = new SObject(row.object);
  const fields = fieldsOf(objectOf(schema, row.object));
  if (row.id !== null) record.load('Id', row.id);
  for (const [name, value] of row.values) load(record, name, value, fields.get(name));
  if (row.clonedFrom !== undefined) {
    record.isClone = true;
    record.cloneSourceId = row.clonedFrom;
  }
  return record;
};

/** Copies what a before trigger changed in `record` into `row`. */
export const writeBack = (record: SObject, row: Row): void => {
  for (const name of record.fieldNames()) {
    if (name === 'Id') continue;
    const value = toValue(record.peek(name));
    if (value !== (row.values.get(name) ?? null)) row.values.set(name, value);
  }
};

export interface RowOptions {
  /** Fields that are left out when the program did not change them since they were queried. */
  droppable: (field: FieldSchema) => boolean;
}

/** The record as it goes to a save: every field that is set, as the platform sends them. */
export const toRow = (schema: Schema, record: SObject, options: RowOptions): Row => {
  const values = new Map<string, Value>();
  for (const name of record.fieldNames()) {
    if (name.toLowerCase() === 'id') continue;
    const field = fieldOf(schema, record.type, name);
    if (field && isUnchanged(record, field.name) && options.droppable(field)) continue;
    values.set(field?.name ?? name, toValue(record.peek(name)));
  }
  const id = record.peek('Id') as string | null;
  return { object: record.type, id, values, ...(record.isClone ? { clonedFrom: record.cloneSourceId } : {}) };
};
