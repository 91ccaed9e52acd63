/** PATCH /sobjects/Case/500…: 204 without a body. */
import type { Operation } from '../call.ts';
import { rowFromJson } from '../records/row-from-json.ts';
import { saveOne } from '../records/save-one.ts';
import { recordId } from '../validations/record-id.ts';
import { objectNamed } from '../validations/sobject.ts';
import { writableRecord } from '../validations/writable-record.ts';

export const updateRecord: Operation = {
  method: 'PATCH',
  path: '/sobjects/:type/:id',
  run(call) {
    const object = objectNamed(call, call.params.type!);
    const id = recordId(call, object, call.params.id!);
    const record = writableRecord(call.body, ['Id']);
    saveOne(call, 'update', rowFromJson(call, object, id, { record, text: call.body, path: [] }));
    return { status: 204 };
  },
};
