/** GET /tooling: where the Tooling API's resources are. */
import type { Operation } from '../call.ts';

const RESOURCES = ['executeAnonymous', 'query', 'runTestsSynchronous'];

export const toolingResources: Operation = {
  method: 'GET',
  path: '/tooling',
  run: (call) => ({
    status: 200,
    body: Object.fromEntries(RESOURCES.map((name) => [name, `${call.base}/tooling/${name}`])),
  }),
};
