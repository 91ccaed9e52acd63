/** Rows of collection requests. */
import type { ObjectSchema, Row } from '../../store/types.ts';
import type { Call } from '../call.ts';
import { apiError } from '../errors.ts';
import { asText, isObject, type JsonObject } from '../json-body.ts';
import type { Collection } from '../validations/collection.ts';
import { objectOfRecord } from '../validations/sobject.ts';
import { rowFromJson } from './row-from-json.ts';

/** The object that a record's `attributes.type` names. */
export const typeOfRecord = (call: Call, record: JsonObject): ObjectSchema => {
  const type = isObject(record.attributes) ? record.attributes.type : undefined;
  if (typeof type === 'string') return objectOfRecord(call, type);
  throw apiError('INVALID_TYPE', 'Each record needs attributes with a type', []);
};

/** The record's own id with 18 characters, or null when it has none. */
export const idOfRecord = (call: Call, object: ObjectSchema, record: JsonObject): string | null => {
  const id = record.id ?? record.Id ?? null;
  if (id === null) return null;
  const normal = typeof id === 'string' ? call.deps.store.normalizeId(id) : null;
  if (normal && call.deps.store.objectOfId(normal)?.name === object.name) return normal;
  throw apiError('MALFORMED_ID', `${object.name} ID: id value of incorrect type: ${asText(id)}`, ['Id']);
};

export const collectionRow = (
  call: Call,
  object: ObjectSchema,
  id: string | null,
  { text, records }: Collection,
  index: number,
): Row => rowFromJson(call, object, id, { record: records[index]!, text, path: ['records', index] });
