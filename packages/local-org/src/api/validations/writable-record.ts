/** The body of a single-record write. */
import { apiError } from '../errors.ts';
import { parseJsonObject, type JsonObject } from '../json-body.ts';

/** `forbidden` are fields that the path gives: the body may not repeat them. */
export const writableRecord = (body: string, forbidden: string[]): JsonObject => {
  const record = parseJsonObject(body);
  const names = new Set(forbidden.map((name) => name.toLowerCase()));
  const given = Object.keys(record).find((key) => names.has(key.toLowerCase()));
  if (given) throw apiError('INVALID_FIELD', `The ${given} field should not be specified in the sobject data.`);
  return record;
};
