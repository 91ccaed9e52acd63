/** GET /queryAll?q=SELECT…: deleted and archived records too. */
import { firstPage } from '../records/query-page.ts';
import type { Operation } from '../call.ts';

export const queryAll: Operation = {
  method: 'GET',
  path: '/queryAll',
  run: (call) => firstPage(call, 'queryAll'),
};
