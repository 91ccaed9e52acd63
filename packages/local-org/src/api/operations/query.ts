/** /query, /queryAll and /tooling/query: pages of query results. */
import type { Operation, Answer, Call } from '../call.ts';
import { apiError, unsupported } from '../errors.ts';
import type { Cursor } from '../query-cursors.ts';
import { columnMetadata } from '../records/column-metadata.ts';
import { rowToJson, type RecordJson } from '../records/row-to-json.ts';

/** GET /query?q=SELECT…. */
export const query: Operation = {
  method: 'GET',
  path: '/query',
  run: (call) => (call.query.get('columns') === 'true' ? columnMetadata(call) : firstPage(call, 'query')),
};

/** GET /query/0r8…-2000: the next page of an earlier query. */
export const queryMore: Operation = {
  method: 'GET',
  path: '/query/:locator',
  run: (call) => nextPage(call, 'query'),
};

/** GET /queryAll?q=SELECT…: deleted and archived records too. */
export const queryAll: Operation = {
  method: 'GET',
  path: '/queryAll',
  run: (call) => firstPage(call, 'queryAll'),
};

/** GET /queryAll/0r8…-2000: the next page of an earlier query. */
export const queryAllMore: Operation = {
  method: 'GET',
  path: '/queryAll/:locator',
  run: (call) => nextPage(call, 'queryAll'),
};

/** GET /tooling/query?q=SELECT…: setup records, such as classes and test results. */
export const toolingQuery: Operation = {
  method: 'GET',
  path: '/tooling/query',
  run(call) {
    if (call.query.get('columns') === 'true') return columnMetadata(call);
    checkToolingQuery(call.query.get('q') ?? '');
    return firstPage(call, 'tooling/query');
  },
};

/** GET /tooling/query/0r8…-2000: the next page of an earlier query. */
export const toolingQueryMore: Operation = {
  method: 'GET',
  path: '/tooling/query/:locator',
  run: (call) => nextPage(call, 'tooling/query'),
};

/** Where pages of a query are found, below the version. */
export type QueryResource = 'query' | 'queryAll' | 'tooling/query';

/** Runs the query of `?q=` and answers its first page. `resource` is where the next pages are: `query` or `queryAll`. */
export const firstPage = (call: Call, resource: QueryResource): Answer => {
  if (call.query.has('explain')) throw unsupported('The query plan');
  const soql = call.query.get('q');
  if (!soql) throw apiError('MALFORMED_QUERY', 'No query string was specified: give the parameter q');
  const { deps, state, userId } = call;
  const result = deps.store.query(soql, {
    access: call.access,
    allRows: resource === 'queryAll',
    tooling: resource === 'tooling/query',
  });
  if (result.rows.length > 1 && result.rows[0]!.values.has('Metadata')) throw oneRowOnly();
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

/** A field that the Tooling API answers as an object; the store keeps its text. */
const COVERAGE = 'Coverage';

const withObjects = (record: RecordJson, resource: string): RecordJson =>
  resource === 'tooling/query' && typeof record[COVERAGE] === 'string'
    ? { ...record, [COVERAGE]: JSON.parse(record[COVERAGE]) as RecordJson[string] }
    : record;

const page = (call: Call, resource: string, cursor: Cursor, start: number): Answer => {
  const end = Math.min(start + cursor.pageSize, cursor.rows.length);
  const done = end === cursor.rows.length;
  return {
    status: 200,
    body: {
      totalSize: cursor.rows.length,
      done,
      ...(done ? {} : { nextRecordsUrl: `${call.base}/${resource}/${cursor.id}-${end}` }),
      records: cursor.rows
        .slice(start, end)
        .map((row) => withObjects(rowToJson(row, call.deps.store.schema, call.base), resource)),
    },
  };
};

/** REST API Developer Guide, "Query Options Header". */
const DEFAULT_BATCH_SIZE = 2_000;
const MIN_BATCH_SIZE = 200;
const MAX_BATCH_SIZE = 2_000;

/** `Sforce-Query-Options: batchSize=500`. */
export const batchSize = (headers: Record<string, string>): number => {
  const header = headers['sforce-query-options'];
  if (!header) return DEFAULT_BATCH_SIZE;
  const size = Number(/batchSize\s*=\s*(\d+)/i.exec(header)?.[1] ?? DEFAULT_BATCH_SIZE);
  if (size >= MIN_BATCH_SIZE && size <= MAX_BATCH_SIZE) return size;
  throw apiError(
    'INVALID_QUERY_OPTIONS',
    `Sforce-Query-Options: batchSize must be between ${MIN_BATCH_SIZE} and ${MAX_BATCH_SIZE}, found ${size}`,
  );
};

/** Tooling API Developer Guide, "SOQL Limitations of the Tooling API". */
const oneRowOnly = (): Error =>
  apiError(
    'MALFORMED_QUERY',
    'When retrieving results with Metadata or FullName fields, the query qualifications must specify no more than one row for retrieval.',
  );

const TOOLING_OBJECTS = new Set([
  'apexclass',
  'apexcodecoverageaggregate',
  'apexorgwidecoverage',
  'apextrigger',
  'apexlog',
  'apextestqueueitem',
  'apextestresult',
  'apextestrunresult',
  'asyncapexjob',
  'flow',
  'validationrule',
  'workflowrule',
  'entitydefinition',
  'fielddefinition',
  'organization',
  'user',
  'profile',
  'permissionset',
  'sourcemember',
]);
const FROM = /\bFROM\s+(\w+)/i;

/** Subqueries and string literals are cut out, so that the outermost FROM is found. */
const outermost = (soql: string): string => {
  let text = soql.replace(/'(?:[^'\\]|\\.)*'/g, "''");
  for (let shorter = text.replace(/\([^()]*\)/g, ''); shorter !== text; shorter = text.replace(/\([^()]*\)/g, '')) {
    text = shorter;
  }
  return text;
};

/** Which objects the Tooling API answers queries for: the ones whose rows the org keeps. */
export const checkToolingQuery = (soql: string): void => {
  const object = FROM.exec(outermost(soql))?.[1];
  if (object && !TOOLING_OBJECTS.has(object.toLowerCase())) {
    throw apiError('INVALID_TYPE', `sObject type '${object}' is not supported by the local org's Tooling API.`);
  }
};
