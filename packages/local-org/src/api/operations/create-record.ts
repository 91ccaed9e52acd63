/** POST /sobjects/Case: creates a record; of a platform event, publishes it. */
import { rowFromJson } from '../records/row-from-json.ts';
import { createdBody } from '../records/save-body.ts';
import { saveOne } from '../records/save-one.ts';
import type { Operation } from '../call.ts';
import { objectNamed } from '../validations/sobject.ts';
import { writableRecord } from '../validations/writable-record.ts';

export const createRecord: Operation = {
  method: 'POST',
  path: '/sobjects/:type',
  run(call) {
    const object = objectNamed(call, call.params.type!);
    const record = writableRecord(call.body, ['Id']);
    const row = rowFromJson(call, object, null, { record, text: call.body, path: [] });
    const result = saveOne(call, 'insert', row);
    return {
      status: 201,
      headers: { location: `${call.base}/sobjects/${object.name}/${result.id}` },
      body: createdBody(object, result),
    };
  },
};
