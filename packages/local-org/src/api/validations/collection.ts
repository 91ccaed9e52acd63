/** Requests of the sObject collections: POST and PATCH bodies, DELETE and GET ids. */
import { apiError } from '../errors.ts';
import { isObject, parseJsonObject, type JsonObject } from '../json-body.ts';

/** REST API Developer Guide, "sObject Collections". */
export const MAX_COLLECTION = 200;
export const MAX_RETRIEVED = 2_000;
export const MAX_RETRIEVED_BY_URL = 800;

export interface Collection {
  allOrNone: boolean;
  records: JsonObject[];
  text: string;
}

export const tooMany = (limit: number): Error =>
  apiError('EXCEEDED_ID_LIMIT', `record limit reached. cannot submit more than ${limit} records into this call`);

export const collection = (text: string): Collection => {
  const { records, allOrNone } = parseJsonObject(text);
  if (!Array.isArray(records) || !records.every(isObject)) {
    throw apiError('INVALID_INPUT', 'records must be a list of sObject records');
  }
  if (records.length > MAX_COLLECTION) throw tooMany(MAX_COLLECTION);
  return { records, allOrNone: allOrNone === true, text };
};

/** Comma-separated ids of a query string. */
export const idList = (value: string | null, limit = MAX_COLLECTION): string[] => {
  const ids = (value ?? '').split(',').flatMap((id) => id.trim() || []);
  if (ids.length === 0) throw apiError('INVALID_INPUT', 'The parameter ids is required: a list of record ids');
  if (ids.length > limit) throw tooMany(limit);
  return ids;
};

export const fieldList = (given: string[] | undefined): string[] => {
  const fields = (given ?? []).flatMap((name) => name.trim() || []);
  if (fields.length > 0) return fields;
  throw apiError('INVALID_INPUT', 'The parameter fields is required: a list of field names');
};
