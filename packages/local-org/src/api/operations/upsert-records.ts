/** PATCH /composite/sobjects/Case/Key__c: creates or updates up to 200 records by an external id. */
import type { Operation } from '../call.ts';
import { apiError } from '../errors.ts';
import { collectionRow, idOfRecord, typeOfRecord } from '../records/collection-row.ts';
import { readEntries, saveCollection } from '../records/save-collection.ts';
import { collection } from '../validations/collection.ts';
import { lookupField, objectNamed } from '../validations/sobject.ts';

export const upsertRecords: Operation = {
  method: 'PATCH',
  path: '/composite/sobjects/:type/:field',
  run(call) {
    const object = objectNamed(call, call.params.type!);
    const field = lookupField(call, object, call.params.field!);
    const request = collection(call.body);
    const entries = readEntries(request.records, (record, index) => {
      const { name } = typeOfRecord(call, record);
      if (name !== object.name) {
        throw apiError('INVALID_TYPE', `The records must be of type ${object.name}, found ${name}`, []);
      }
      const byId = field.type === 'id';
      return collectionRow(call, object, byId ? idOfRecord(call, object, record) : null, request, index);
    });
    return saveCollection(call, entries, {
      operation: 'upsert',
      allOrNone: request.allOrNone,
      externalIdField: field.name,
    });
  },
};
