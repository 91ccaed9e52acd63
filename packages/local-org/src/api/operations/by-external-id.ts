/** /sobjects/Case/Key__c/abc: one record by an external id; in the same place, the records behind a relationship. */
import type { ObjectSchema, FieldSchema, QueriedRow, Value } from '../../store/types.ts';
import type { Answer, Call, Operation } from '../call.ts';
import { notFound, apiError } from '../errors.ts';
import { findRecords } from '../records/read-record.ts';
import { rowFromJson } from '../records/row-from-json.ts';
import { rowToJson } from '../records/row-to-json.ts';
import { createdBody, saveOne } from '../records/save.ts';
import { valueFromJson } from '../records/values.ts';
import { objectNamed, recordId, writableRecord, lookupField } from '../validations/record.ts';

/** GET /sobjects/Case/Key__c/abc, or /sobjects/Case/500…/Account: the record behind a relationship. */
export const getByExternalId: Operation = {
  method: 'GET',
  path: '/sobjects/:type/:field/:value',
  run(call) {
    const object = objectNamed(call, call.params.type!);
    if (!object.fields.has(call.params.field!.toLowerCase()) && call.deps.store.normalizeId(call.params.field!)) {
      return followRelationship(call, object, call.params.field!, call.params.value!);
    }
    return byExternalId(call);
  },
};

const byExternalId = (call: Call): Answer => {
  const { object, field, value } = externalIdOf(call);
  const rows = findRecords(call, object, field, value);
  if (rows.length === 0) throw notFound();
  if (rows.length > 1) return multipleChoices(call, rows);
  return { status: 200, body: rowToJson(rows[0]!, call.deps.store.schema, call.base) };
};

/** GET /sobjects/Case/500…/Account (a parent) or /sobjects/Account/001…/Cases (children). */
export const followRelationship = (call: Call, object: ObjectSchema, id: string, relationship: string): Answer => {
  const { schema } = call.deps.store;
  const name = relationship.toLowerCase();
  const child = object.childRelationships.get(name);
  const source = recordId(call, object, id);
  if (child) {
    const childObject = schema.objects.get(child.object.toLowerCase())!;
    const rows = findRecords(call, childObject, childObject.fields.get(child.field.toLowerCase())!, source);
    const records = rows.map((row) => rowToJson(row, schema, call.base));
    return { status: 200, body: { totalSize: records.length, done: true, records } };
  }
  const lookup = object.fields.values().find((field) => field.relationshipName?.toLowerCase() === name);
  if (!lookup) throw notFound();
  const { rows } = call.deps.store.query(`SELECT ${lookup.name} FROM ${object.name} WHERE Id = :source`, {
    access: call.access,
    binds: { source },
  });
  const parentId = rows[0]?.values.get(lookup.name);
  const parent = typeof parentId === 'string' ? call.deps.store.objectOfId(parentId) : null;
  const [row] = parent ? findRecords(call, parent, parent.fields.get('id')!, parentId!) : [];
  if (!row) throw notFound();
  return { status: 200, body: rowToJson(row, schema, call.base) };
};

/** PATCH /sobjects/Case/Key__c/abc: 201 with the new record's id, or 200 for the one updated. */
export const upsertByExternalId: Operation = {
  method: 'PATCH',
  path: '/sobjects/:type/:field/:value',
  run(call) {
    const { object, field, value } = externalIdOf(call);
    const matches = matching(call, { object, field, value });
    if (matches.length > 1) return multipleChoices(call, matches);
    const record = writableRecord(call.body, ['Id', field.name]);
    const row = rowFromJson(call, object, null, { record, text: call.body, path: [] });
    if (field.type === 'id') row.id = value as string;
    else row.values.set(field.name, value);
    const result = saveOne(call, 'upsert', row, field.name);
    return {
      status: result.created ? 201 : 200,
      ...(result.created ? { headers: { location: `${call.base}/sobjects/${object.name}/${result.id}` } } : {}),
      body: { ...createdBody(object, result), created: result.created },
    };
  },
};

/** The match regards all records, also those that the user does not see. */
const matching = (call: Call, { object, field, value }: ExternalId) =>
  call.deps.store.query(`SELECT Id FROM ${object.name} WHERE ${field.name} = :value LIMIT 200`, {
    access: { ...call.access, mode: 'system', sharing: false },
    binds: { value },
  }).rows;

/** DELETE /sobjects/Case/Key__c/abc: 204 without a body. */
export const deleteByExternalId: Operation = {
  method: 'DELETE',
  path: '/sobjects/:type/:field/:value',
  run(call) {
    const { object, field, value } = externalIdOf(call);
    const { rows } = call.deps.store.query(`SELECT Id FROM ${object.name} WHERE ${field.name} = :value LIMIT 200`, {
      access: call.access,
      binds: { value },
    });
    if (rows.length === 0) throw notFound();
    if (rows.length > 1) return multipleChoices(call, rows);
    saveOne(call, 'delete', { object: object.name, id: rows[0]!.id, values: new Map() });
    return { status: 204 };
  },
};

/** Records named by an external id in the path: `/sobjects/Case/Key__c/abc`. */
export interface ExternalId {
  object: ObjectSchema;
  field: FieldSchema;
  value: Value;
}

export const externalIdOf = (call: Call): ExternalId => {
  const object = objectNamed(call, call.params.type!);
  const field = lookupField(call, object, call.params.field!);
  const value = valueFromJson(call.params.value!, field.type);
  if (value !== undefined) return { object, field, value };
  throw apiError(
    'INVALID_FIELD',
    `${call.params.value} is not a valid value for the ${field.type} field ${field.name}`,
  );
};

/** Several records have the value: 300 and the URL of each. */
export const multipleChoices = (call: Call, rows: QueriedRow[]): Answer => ({
  status: 300,
  body: rows.map(({ object, id }) => `${call.base}/sobjects/${object}/${id}`),
});
