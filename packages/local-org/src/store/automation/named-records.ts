import type { Records } from '../records/records.ts';
import type { ObjectSchema, Schema } from '../types.ts';
import type { LookupType } from './types.ts';

/** How rules name a user, a queue and a record type. */
const NAMED_BY: Record<LookupType, { object: string; field: string }> = {
  User: { object: 'User', field: 'Username' },
  Queue: { object: 'Group', field: 'DeveloperName' },
  RecordType: { object: 'RecordType', field: 'DeveloperName' },
};

interface Lookup {
  schema: Schema;
  records: Records;
}

/** The id of what a rule of `object` names, or null when it is not there. */
export function idOfNamed(
  { schema, records }: Lookup,
  type: LookupType,
  name: string,
  object: ObjectSchema,
): string | null {
  const target = schema.objects.get(NAMED_BY[type].object.toLowerCase())!;
  const field = target.fields.get(NAMED_BY[type].field.toLowerCase())!;
  const ids = records.idsWhere(target, field, [name]).map(({ id }) => id);
  const found = records.read(target, ids).find(({ values }) => {
    if (type === 'Queue') return values.get('Type') === 'Queue';
    return type === 'User' || values.get('SobjectType') === object.name;
  });
  return found?.id ?? null;
}
