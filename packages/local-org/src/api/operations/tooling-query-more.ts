/** GET /tooling/query/0r8…-2000: the next page of an earlier query. */
import { nextPage } from '../records/query-page.ts';
import type { Operation } from '../call.ts';

export const toolingQueryMore: Operation = {
  method: 'GET',
  path: '/tooling/query/:locator',
  run: (call) => nextPage(call, 'tooling/query'),
};
