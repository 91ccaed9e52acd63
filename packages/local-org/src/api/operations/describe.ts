/** /sobjects and what describes an object. */
import type { Operation } from '../call.ts';
import { summarize, describe } from '../describe/object.ts';
import { objectNamed } from '../validations/record.ts';

/** GET /sobjects: all objects the user may see. */
export const describeGlobal: Operation = {
  method: 'GET',
  path: '/sobjects',
  run(call) {
    const { schema, permissions } = call.deps.store;
    const sobjects = [...schema.objects.values()]
      .filter(
        ({ name, toolingOnly }) =>
          toolingOnly !== true &&
          (permissions.object(call.userId, name, 'read') || permissions.object(call.userId, name, 'create')),
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((object) => summarize(call, object));
    return { status: 200, body: { encoding: 'UTF-8', maxBatchSize: 200, sobjects } };
  },
};

/** GET /sobjects/Case: what the object is, and the records the user saw last. */
export const objectInfo: Operation = {
  method: 'GET',
  path: '/sobjects/:type',
  /** Nobody views records in the local org, so none are recent. */
  run: (call) => ({
    status: 200,
    body: { objectDescribe: summarize(call, objectNamed(call, call.params.type!)), recentItems: [] },
  }),
};

/** GET /sobjects/Case/describe: everything about an object and its fields. */
export const describeObject: Operation = {
  method: 'GET',
  path: '/sobjects/:type/describe',
  run: (call) => ({ status: 200, body: describe(call, objectNamed(call, call.params.type!)) }),
};
