/** `"Account": { "Key__c": "x" }`: a parent named by an external id instead of its record id. */
import type { FieldSchema, ObjectSchema } from '../../store/types.ts';
import type { Caller } from '../call.ts';
import { apiError } from '../errors.ts';
import { isObject, type JsonObject } from '../json-body.ts';
import { valueFromJson } from './value-from-json.ts';

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
  const value = valueFromJson(json[keys[0]!]!, field.type) ?? null;
  const { rows } = caller.deps.store.query(`SELECT Id FROM ${target.name} WHERE ${field.name} = :value LIMIT 2`, {
    access: caller.access,
    binds: { value },
  });
  const shown = `${String(value)} ${rows.length > 1 ? 'matches more than one record' : 'not found'}`;
  if (rows.length !== 1) {
    throw apiError(
      'INVALID_FIELD',
      `Foreign key external ID: ${shown} for field ${field.name} in entity ${target.name}`,
    );
  }
  return rows[0]!.id!;
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
