/** GET /query/0r8…-2000: the next page of an earlier query. */
import { nextPage } from '../records/query-page.ts';
import type { Operation } from '../call.ts';

export const queryMore: Operation = {
  method: 'GET',
  path: '/query/:locator',
  run: (call) => nextPage(call, 'query'),
};
