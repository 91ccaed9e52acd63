/** POST /composite/sobjects: creates up to 200 records. */
import type { Operation } from '../call.ts';
import { apiError } from '../errors.ts';
import { collectionRow, idOfRecord, typeOfRecord } from '../records/collection-row.ts';
import { readEntries, saveCollection } from '../records/save-collection.ts';
import { collection } from '../validations/collection.ts';

export const createRecords: Operation = {
  method: 'POST',
  path: '/composite/sobjects',
  run(call) {
    const request = collection(call.body);
    const entries = readEntries(request.records, (record, index) => {
      const object = typeOfRecord(call, record);
      if (idOfRecord(call, object, record)) {
        throw apiError('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id']);
      }
      return collectionRow(call, object, null, request, index);
    });
    return saveCollection(call, entries, { operation: 'insert', allOrNone: request.allOrNone });
  },
};
