/** GET /sobjects/Case/describe: everything about an object and its fields. */
import type { Operation } from '../call.ts';
import { describe } from '../describe/object.ts';
import { objectNamed } from '../validations/sobject.ts';

export const describeObject: Operation = {
  method: 'GET',
  path: '/sobjects/:type/describe',
  run: (call) => ({ status: 200, body: describe(call, objectNamed(call, call.params.type!)) }),
};
