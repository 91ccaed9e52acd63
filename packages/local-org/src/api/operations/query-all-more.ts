/** GET /queryAll/0r8…-2000: the next page of an earlier query. */
import { nextPage } from '../records/query-page.ts';
import type { Operation } from '../call.ts';

export const queryAllMore: Operation = {
  method: 'GET',
  path: '/queryAll/:locator',
  run: (call) => nextPage(call, 'queryAll'),
};
