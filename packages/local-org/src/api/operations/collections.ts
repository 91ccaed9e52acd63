/** /composite/sobjects: many records in one request. */
import type { Operation, Answer, Call } from '../call.ts';
import { apiError } from '../errors.ts';
import { parseJsonObject } from '../json-body.ts';
import {
  collectionRow,
  idOfRecord,
  typeOfRecord,
  readEntries,
  saveCollection,
  collection,
  idList,
  fieldList,
  MAX_RETRIEVED_BY_URL,
  MAX_RETRIEVED,
} from '../records/collection.ts';
import { noSuchColumn } from '../records/row-from-json.ts';
import { rowToJson } from '../records/row-to-json.ts';
import { lookupField, objectNamed } from '../validations/record.ts';

/** POST /composite/sobjects: creates up to 200 records. */
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

/** PATCH /composite/sobjects: updates up to 200 records by id. */
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

/** PATCH /composite/sobjects/Case/Key__c: creates or updates up to 200 records by an external id. */
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

/** DELETE /composite/sobjects?ids=…&allOrNone=false: deletes up to 200 records. */
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

/** GET /composite/sobjects/Case?ids=…&fields=…: up to 800 records, as many as a URL holds. */
export const getRecords: Operation = {
  method: 'GET',
  path: '/composite/sobjects/:type',
  run: (call) =>
    retrieve(
      call,
      idList(call.query.get('ids'), MAX_RETRIEVED_BY_URL),
      fieldList(call.query.get('fields')?.split(',')),
    ),
};

/** POST /composite/sobjects/Case with `{ ids, fields }`: up to 2,000 records. */
export const getRecordsByBody: Operation = {
  method: 'POST',
  path: '/composite/sobjects/:type',
  run(call) {
    const { ids, fields } = parseJsonObject(call.body);
    const list = Array.isArray(ids) ? ids.map(String).join(',') : null;
    return retrieve(
      call,
      idList(list, MAX_RETRIEVED),
      fieldList(Array.isArray(fields) ? fields.map(String) : undefined),
    );
  },
};

/** Records of one type by id, in the order of the ids; null for those that are not there. */
export const retrieve = (call: Call, ids: string[], fields: string[]): Answer => {
  const { store } = call.deps;
  const object = objectNamed(call, call.params.type!);
  for (const name of fields) {
    if (!name.includes('.') && !object.fields.has(name.toLowerCase())) throw noSuchColumn(name, object);
  }
  const normal = ids.map((id) => store.normalizeId(id));
  const { rows } = store.query(`SELECT ${fields.join(', ')} FROM ${object.name} WHERE Id IN :ids`, {
    access: call.access,
    binds: { ids: normal.filter((id) => id !== null) },
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const records = normal.map((id) => {
    const row = id && byId.get(id);
    return row ? rowToJson(row, store.schema, call.base) : null;
  });
  return { status: 200, body: records };
};
