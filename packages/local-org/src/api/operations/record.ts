/** /sobjects/Case and /sobjects/Case/500…: one record. */
import type { Operation } from '../call.ts';
import { absentRecord, findRecords } from '../records/read-record.ts';
import { rowFromJson } from '../records/row-from-json.ts';
import { rowToJson } from '../records/row-to-json.ts';
import { createdBody, saveOne } from '../records/save.ts';
import { objectNamed, writableRecord, recordId } from '../validations/record.ts';

/** POST /sobjects/Case: creates a record; of a platform event, publishes it. */
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

/** GET /sobjects/Case/500…?fields=Id,Subject */
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

/** PATCH /sobjects/Case/500…: 204 without a body. */
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

/** DELETE /sobjects/Case/500…: 204 without a body. */
export const deleteRecord: Operation = {
  method: 'DELETE',
  path: '/sobjects/:type/:id',
  run(call) {
    const object = objectNamed(call, call.params.type!);
    const id = recordId(call, object, call.params.id!);
    saveOne(call, 'delete', { object: object.name, id, values: new Map() });
    return { status: 204 };
  },
};
