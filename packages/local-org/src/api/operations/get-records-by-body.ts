/** POST /composite/sobjects/Case with `{ ids, fields }`: up to 2,000 records. */
import type { Operation } from '../call.ts';
import { parseJsonObject } from '../json-body.ts';
import { retrieve } from '../records/retrieve.ts';
import { fieldList, idList, MAX_RETRIEVED } from '../validations/collection.ts';

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
