/** GET /sobjects/Case/500…?fields=Id,Subject */
import type { Operation } from '../call.ts';
import { absentRecord, findRecords } from '../records/read-record.ts';
import { rowToJson } from '../records/row-to-json.ts';
import { recordId } from '../validations/record-id.ts';
import { objectNamed } from '../validations/sobject.ts';

export const getRecord: Operation = {
  method: 'GET',
  path: '/sobjects/:type/:id',
  run(call) {
    const object = objectNamed(call, call.params.type!);
    const id = recordId(call, object, call.params.id!);
    const [row] = findRecords(call, object, object.fields.get('id')!, id);
    if (!row) throw absentRecord(call, object, id);
    return { status: 200, body: rowToJson(row, call.deps.store.schema, call.base) };
  },
};
