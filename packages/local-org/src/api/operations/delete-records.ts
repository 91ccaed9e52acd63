/** DELETE /composite/sobjects?ids=…&allOrNone=false: deletes up to 200 records. */
import type { Operation } from '../call.ts';
import { apiError } from '../errors.ts';
import { readEntries, saveCollection } from '../records/save-collection.ts';
import { idList } from '../validations/collection.ts';

export const deleteRecords: Operation = {
  method: 'DELETE',
  path: '/composite/sobjects',
  run(call) {
    const { store } = call.deps;
    const entries = readEntries(idList(call.query.get('ids')), (given) => {
      const id = store.normalizeId(given);
      const object = id ? store.objectOfId(id) : null;
      if (!id || !object) throw apiError('MALFORMED_ID', `malformed id ${given}`, []);
      return { object: object.name, id, values: new Map() };
    });
    const allOrNone = call.query.get('allOrNone') === 'true';
    return saveCollection(call, entries, { operation: 'delete', allOrNone });
  },
};
