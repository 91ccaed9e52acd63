/** The object, field, record and body that a request names. */
import type { FieldSchema, ObjectSchema } from '../../store/types.ts';
import type { Caller } from '../call.ts';
import { apiError, notFound } from '../errors.ts';
import { parseJsonObject, type JsonObject } from '../json-body.ts';

/** An object that the user may see: others do not exist for the API. */
export const objectNamed = ({ deps, userId }: Caller, name: string): ObjectSchema => {
  const object = deps.store.schema.objects.get(name.toLowerCase());
  const visible =
    object && (['read', 'create'] as const).some((right) => deps.store.permissions.object(userId, object.name, right));
  if (!visible) throw notFound();
  return object;
};

/** As `objectNamed`, for a type that a body or a query names. */
export const objectOfRecord = (caller: Caller, name: string): ObjectSchema => {
  try {
    return objectNamed(caller, name);
  } catch {
    throw apiError('INVALID_TYPE', `sObject type '${name}' is not supported.`);
  }
};

/** A field by which records can be found: Id or an external id. */
export const lookupField = ({ deps, userId }: Caller, object: ObjectSchema, name: string): FieldSchema => {
  const field = object.fields.get(name.toLowerCase());
  if (field?.idLookup && deps.store.permissions.field(userId, object.name, field.name, 'read')) return field;
  throw notFound(`Provided external ID field does not exist or is not accessible: ${name}`);
};

/** The id with 18 characters; it must belong to the object. */
export const recordId = ({ deps }: Caller, object: ObjectSchema, id: string): string => {
  const normal = deps.store.normalizeId(id);
  if (normal && deps.store.objectOfId(normal)?.name === object.name) return normal;
  throw notFound(`Provided external ID field does not exist or is not accessible: ${id}`);
};

/** `forbidden` are fields that the path gives: the body may not repeat them. */
export const writableRecord = (body: string, forbidden: string[]): JsonObject => {
  const record = parseJsonObject(body);
  const names = new Set(forbidden.map((name) => name.toLowerCase()));
  const given = Object.keys(record).find((key) => names.has(key.toLowerCase()));
  if (given) throw apiError('INVALID_FIELD', `The ${given} field should not be specified in the sobject data.`);
  return record;
};
