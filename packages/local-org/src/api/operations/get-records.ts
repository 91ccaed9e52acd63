/** GET /composite/sobjects/Case?ids=…&fields=…: up to 800 records, as many as a URL holds. */
import type { Operation } from '../call.ts';
import { retrieve } from '../records/retrieve.ts';
import { fieldList, idList, MAX_RETRIEVED_BY_URL } from '../validations/collection.ts';

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
