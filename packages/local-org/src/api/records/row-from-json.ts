/** JSON records of requests as rows to save. Throws ApiError for a record that cannot be read. */
import type { FieldSchema, ObjectSchema, Row, Value } from '../../store/types.ts';
import type { Caller } from '../call.ts';
import { apiError } from '../errors.ts';
import { isObject, type Json, type JsonObject } from '../json-body.ts';
import { placeOf, type JsonPath } from '../json-scanner.ts';
import { resolveReference } from './resolve-reference.ts';
import { tokenName, valueFromJson } from './value-from-json.ts';

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
