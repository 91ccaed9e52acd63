/** GET /sobjects: all objects the user may see. */
import type { Operation } from '../call.ts';
import { summarize } from '../describe/object.ts';

export const describeGlobal: Operation = {
  method: 'GET',
  path: '/sobjects',
  run(call) {
    const { schema, permissions } = call.deps.store;
    const sobjects = [...schema.objects.values()]
      .filter(
        ({ name }) => permissions.object(call.userId, name, 'read') || permissions.object(call.userId, name, 'create'),
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((object) => summarize(call, object));
    return { status: 200, body: { encoding: 'UTF-8', maxBatchSize: 200, sobjects } };
  },
};
