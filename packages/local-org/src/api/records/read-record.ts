/** One record by a field's value, as GET of a record answers it. */
import type { FieldSchema, ObjectSchema, QueriedRow, Value } from '../../store/types.ts';
import type { Call } from '../call.ts';
import { apiError, notFound } from '../errors.ts';
import { noSuchColumn } from './row-from-json.ts';

/** Rows with `field = value` that the user can see; two when there are more. */
export const findRecords = (call: Call, object: ObjectSchema, field: FieldSchema, value: Value): QueriedRow[] =>
  call.deps.store.query(
    `SELECT ${selectedFields(call, object).join(', ')} FROM ${object.name} WHERE ${field.name} = :value LIMIT 200`,
    { access: call.access, binds: { value } },
  ).rows;

/** `?fields=…`, or all fields that the user may read. */
const selectedFields = (call: Call, object: ObjectSchema): string[] => {
  const { permissions } = call.deps.store;
  const mayRead = (field: FieldSchema): boolean => permissions.field(call.userId, object.name, field.name, 'read');
  const asked = call.query.get('fields');
  if (!asked) return [...object.fields.values()].filter(mayRead).map(({ name }) => name);
  return asked.split(',').map((part) => {
    const name = part.trim();
    if (name.includes('.')) return name;
    const field = object.fields.get(name.toLowerCase());
    if (!field || !mayRead(field)) throw noSuchColumn(name, object);
    return field.name;
  });
};

/** Why a record that was asked for by id is not there. */
export const absentRecord = (call: Call, object: ObjectSchema, id: string): Error => {
  const { rows } = call.deps.store.query(`SELECT Id FROM ${object.name} WHERE Id = :id`, {
    access: { ...call.access, mode: 'system', sharing: false },
    binds: { id },
    allRows: true,
  });
  const deleted = rows.length > 0 && call.deps.store.read(object.name, [id])[0]?.values.get('IsDeleted') === true;
  return deleted ? apiError('ENTITY_IS_DELETED', 'entity is deleted', []) : notFound();
};
