/** JSON records of requests as rows to save. Throws ApiError for a record that cannot be read. */
import type { Access, FieldSchema, ObjectSchema, Row, Store, Value } from '../../store/types.ts';
import type { Caller } from '../call.ts';
import { apiError } from '../errors.ts';
import { isObject, type Json, type JsonObject } from '../json-body.ts';
import { placeOf, type JsonPath } from '../json-scanner.ts';
import { tokenName, valueFromJson } from './values.ts';

/** The record and where it stands in which text, for error messages. */
export interface RecordSource {
  record: JsonObject;
  text: string;
  path: JsonPath;
}

const RESERVED = new Set(['attributes', 'id']);

/** All fields of the record except `attributes` and `Id`, which the caller reads itself. */
export const rowFromJson = (caller: Caller, object: ObjectSchema, id: string | null, source: RecordSource): Row => {
  const values = new Map<string, Value>();
  for (const [key, json] of Object.entries(source.record)) {
    if (RESERVED.has(key.toLowerCase())) continue;
    const field = object.fields.get(key.toLowerCase());
    if (field && mayRead(caller, object, field)) {
      values.set(field.name, readValue(field, json, source, key));
      continue;
    }
    const lookup = lookupOf(object, key);
    if (!lookup || !mayRead(caller, object, lookup) || !(json === null || isObject(json)))
      throw noSuchColumn(key, object);
    values.set(lookup.name, json === null ? null : resolveReference(caller, lookup, json));
  }
  return { object: object.name, id, values };
};

/** A field that the user may not see does not exist for the API. */
const mayRead = ({ deps, userId }: Caller, object: ObjectSchema, field: FieldSchema): boolean =>
  deps.store.permissions.field(userId, object.name, field.name, 'read');

const lookupOf = (object: ObjectSchema, relationship: string): FieldSchema | undefined => {
  const name = relationship.toLowerCase();
  return object.fields.values().find((field) => field.relationshipName?.toLowerCase() === name);
};

export const noSuchColumn = (name: string, object: ObjectSchema): Error =>
  apiError('INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`);

const readValue = (field: FieldSchema, json: Json, { text, path }: RecordSource, key: string): Value => {
  const value = valueFromJson(json, field.type);
  if (value !== undefined) return value;
  const found = `Cannot deserialize instance of ${field.type} from ${tokenName(json)} value `;
  const at = placeOf(text, [...path, key]);
  if (Array.isArray(json)) throw apiError('JSON_PARSER_ERROR', `${found}${at}`);
  const shown = isObject(json) ? '{' : String(json);
  throw apiError('JSON_PARSER_ERROR', `${found}${shown} or request may be missing a required field at ${at}`);
};

/** `"Account": { "Key__c": "x" }`: a parent named by an external id instead of its record id. */
export const resolveReference = (caller: Caller, lookup: FieldSchema, json: JsonObject): string => {
  const target = targetOf(caller, lookup, json);
  const keys = Object.keys(json).filter((key) => key !== 'attributes' && key !== 'type');
  const field = keys.length === 1 ? target.fields.get(keys[0]!.toLowerCase()) : undefined;
  if (!field?.idLookup) {
    throw apiError(
      'INVALID_FIELD',
      `Field name provided, ${keys.join(', ')}, is not an External ID or indexed field for ${target.name}`,
    );
  }
  return idOfParent(caller.deps.store, caller.access, { parent: target, by: field }, json[keys[0]!]!);
};

/** The one record that the user sees with this value of an external id. Throws ApiError when there is none, or another. */
export const idOfParent = (
  store: Store,
  access: Access,
  { parent, by }: { parent: ObjectSchema; by: FieldSchema },
  given: Json,
): string => {
  const value = valueFromJson(given, by.type) ?? null;
  const { rows } = store.query(`SELECT Id FROM ${parent.name} WHERE ${by.name} = :value LIMIT 2`, {
    access,
    binds: { value },
  });
  if (rows.length === 1) return rows[0]!.id!;
  const shown = `${String(value)} ${rows.length > 1 ? 'matches more than one record' : 'not found'}`;
  throw apiError('INVALID_FIELD', `Foreign key external ID: ${shown} for field ${by.name} in entity ${parent.name}`);
};

/** The object a polymorphic lookup means is named by `attributes.type` or `type`. */
const targetOf = (caller: Caller, lookup: FieldSchema, json: JsonObject): ObjectSchema => {
  const named = isObject(json.attributes) ? json.attributes.type : json.type;
  const allowed = lookup.referenceTo ?? [];
  const name = allowed.find((object) =>
    typeof named === 'string' ? object.toLowerCase() === named.toLowerCase() : allowed.length === 1,
  );
  const target = name && caller.deps.store.schema.objects.get(name.toLowerCase());
  if (target) return target;
  throw apiError(
    'INVALID_FIELD',
    `${lookup.relationshipName} may refer to ${allowed.join(', ')}: give attributes.type one of these names`,
  );
};
