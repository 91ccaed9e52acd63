/** PATCH /sobjects/Case/Key__c/abc: 201 with the new record's id, or 200 for the one updated. */
import type { Call, Operation } from '../call.ts';
import { externalIdOf, multipleChoices, type ExternalId } from '../records/external-id.ts';
import { rowFromJson } from '../records/row-from-json.ts';
import { createdBody } from '../records/save-body.ts';
import { saveOne } from '../records/save-one.ts';
import { writableRecord } from '../validations/writable-record.ts';

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
