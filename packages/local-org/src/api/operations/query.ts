/** GET /query?q=SELECT…. */
import { columnMetadata } from '../records/column-metadata.ts';
import { firstPage } from '../records/query-page.ts';
import type { Operation } from '../call.ts';

export const query: Operation = {
  method: 'GET',
  path: '/query',
  run: (call) => (call.query.get('columns') === 'true' ? columnMetadata(call) : firstPage(call, 'query')),
};
