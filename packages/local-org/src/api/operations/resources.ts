/** GET /services/data/v67.0: where the resources are. */
import type { Operation } from '../call.ts';

const RESOURCES = ['composite', 'jobs', 'limits', 'metadata', 'query', 'queryAll', 'sobjects', 'tooling'];

export const resources: Operation = {
  method: 'GET',
  path: '/',
  run: (call) => ({
    status: 200,
    body: {
      ...Object.fromEntries(RESOURCES.map((name) => [name, `${call.base}/${name}`])),
      identity: `${call.origin}/id/${call.deps.info.orgId}/${call.userId}`,
    },
  }),
};
