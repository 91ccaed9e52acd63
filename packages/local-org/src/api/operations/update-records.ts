/** PATCH /composite/sobjects: updates up to 200 records by id. */
import type { Operation } from '../call.ts';
import { apiError } from '../errors.ts';
import { collectionRow, idOfRecord, typeOfRecord } from '../records/collection-row.ts';
import { readEntries, saveCollection } from '../records/save-collection.ts';
import { collection } from '../validations/collection.ts';

export const updateRecords: Operation = {
  method: 'PATCH',
  path: '/composite/sobjects',
  run(call) {
    const request = collection(call.body);
    const entries = readEntries(request.records, (record, index) => {
      const object = typeOfRecord(call, record);
      const id = idOfRecord(call, object, record);
      if (!id) throw apiError('MISSING_ARGUMENT', 'Id not specified in an update call', []);
      return collectionRow(call, object, id, request, index);
    });
    return saveCollection(call, entries, { operation: 'update', allOrNone: request.allOrNone });
  },
};
