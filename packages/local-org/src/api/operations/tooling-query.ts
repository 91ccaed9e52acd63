/** GET /tooling/query?q=SELECT…: setup records, such as classes and test results. */
import type { Operation } from '../call.ts';
import { columnMetadata } from '../records/column-metadata.ts';
import { firstPage } from '../records/query-page.ts';
import { checkToolingQuery } from '../validations/tooling-object.ts';

export const toolingQuery: Operation = {
  method: 'GET',
  path: '/tooling/query',
  run(call) {
    if (call.query.get('columns') === 'true') return columnMetadata(call);
    checkToolingQuery(call.query.get('q') ?? '');
    return firstPage(call, 'tooling/query');
  },
};
