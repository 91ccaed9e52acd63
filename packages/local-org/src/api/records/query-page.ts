/** Pages of query results. */
import type { Answer, Call } from '../call.ts';
import { apiError, unsupported } from '../errors.ts';
import type { Cursor } from '../query-cursors.ts';
import { batchSize } from '../validations/batch-size.ts';
import { rowToJson } from './row-to-json.ts';

/** Where pages of a query are found, below the version. */
export type QueryResource = 'query' | 'queryAll' | 'tooling/query';

/** Runs the query of `?q=` and answers its first page. `resource` is where the next pages are: `query` or `queryAll`. */
export const firstPage = (call: Call, resource: QueryResource): Answer => {
  if (call.query.has('explain')) throw unsupported('The query plan');
  const soql = call.query.get('q');
  if (!soql) throw apiError('MALFORMED_QUERY', 'No query string was specified: give the parameter q');
  const { deps, state, userId } = call;
  const result = deps.store.query(soql, { access: call.access, allRows: resource === 'queryAll' });
  if (result.count !== undefined) return { status: 200, body: { totalSize: result.count, done: true, records: [] } };
  const pageSize = batchSize(call.headers);
  const content = { userId, rows: result.rows, pageSize, openedAt: deps.clock.now() };
  if (result.rows.length <= pageSize) return page(call, resource, { ...content, id: '' }, 0);
  if (result.aggregate) {
    throw apiError(
      'EXCEEDED_ID_LIMIT',
      'Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch',
    );
  }
  return page(call, resource, state.cursors.open(content, deps.random), 0);
};

/** The page that a locator `<cursor>-<offset>` names. */
export const nextPage = (call: Call, resource: QueryResource): Answer => {
  const [id, offset] = call.params.locator!.split('-');
  const cursor = call.state.cursors.find(id!, call.userId, call.deps.clock.now());
  const start = Number(offset);
  if (!cursor || !Number.isInteger(start) || start < 0 || start >= cursor.rows.length) {
    throw apiError('INVALID_QUERY_LOCATOR', 'invalid query locator');
  }
  return page(call, resource, cursor, start);
};

const page = (call: Call, resource: string, cursor: Cursor, start: number): Answer => {
  const end = Math.min(start + cursor.pageSize, cursor.rows.length);
  const done = end === cursor.rows.length;
  return {
    status: 200,
    body: {
      totalSize: cursor.rows.length,
      done,
      ...(done ? {} : { nextRecordsUrl: `${call.base}/${resource}/${cursor.id}-${end}` }),
      records: cursor.rows.slice(start, end).map((row) => rowToJson(row, call.deps.store.schema, call.base)),
    },
  };
};
