/** GET /sobjects/Case: what the object is, and the records the user saw last. */
import type { Operation } from '../call.ts';
import { summarize } from '../describe/object.ts';
import { objectNamed } from '../validations/sobject.ts';

export const objectInfo: Operation = {
  method: 'GET',
  path: '/sobjects/:type',
  /** Nobody views records in the local org, so none are recent. */
  run: (call) => ({
    status: 200,
    body: { objectDescribe: summarize(call, objectNamed(call, call.params.type!)), recentItems: [] },
  }),
};
