/** DELETE /sobjects/Case/500…: 204 without a body. */
import type { Operation } from '../call.ts';
import { saveOne } from '../records/save-one.ts';
import { recordId } from '../validations/record-id.ts';
import { objectNamed } from '../validations/sobject.ts';

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
