/** GET /sobjects/Case/Key__c/abc, or /sobjects/Case/500…/Account: the record behind a relationship. */
import type { Answer, Call, Operation } from '../call.ts';
import { notFound } from '../errors.ts';
import { externalIdOf, multipleChoices } from '../records/external-id.ts';
import { findRecords } from '../records/read-record.ts';
import { rowToJson } from '../records/row-to-json.ts';
import { objectNamed } from '../validations/sobject.ts';
import { followRelationship } from '../records/follow-relationship.ts';

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
