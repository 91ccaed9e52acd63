/** Requests about query jobs: which queries, which job, which of its results. */
import type { QueryDescription, QueryFeature } from '../../store/types.ts';
import { COLUMN_DELIMITERS, LINE_ENDINGS, type CsvFormat } from '../bulk/csv.ts';
import { type QueryOperation, QUERY_JOBS, type QueryJob } from '../bulk/query-jobs.ts';
import type { Call } from '../call.ts';
import { apiError } from '../errors.ts';
import { parseJsonObject } from '../json-body.ts';
import { keysOf, namedJob, notYours, oneOf } from './bulk-job.ts';

/** The bodies that create and change a Bulk API 2.0 query job. */
export interface QueryJobRequest extends CsvFormat {
  operation: QueryOperation;
  query: string;
}

const PROPERTIES = new Set(['operation', 'query', 'contentType', 'columnDelimiter', 'lineEnding']);

const invalid = (message: string): Error => apiError('API_ERROR', message);

/** Bulk API 2.0 Developer Guide, "Create a Query Job". */
export const queryJobRequest = (text: string): QueryJobRequest => {
  const body = parseJsonObject(text);
  const unknown = Object.keys(body).find((name) => !PROPERTIES.has(name));
  if (unknown !== undefined)
    throw invalid(`Unrecognized field "${unknown}": a query job takes ${[...PROPERTIES].join(', ')}`);
  const { query } = body;
  if (typeof query !== 'string' || query.trim() === '') throw invalid('query must be a SOQL query');
  oneOf(body.contentType ?? 'CSV', ['CSV'], 'contentType');
  return {
    operation: oneOf(body.operation, ['query', 'queryAll'], 'operation'),
    query,
    columnDelimiter: oneOf(body.columnDelimiter ?? 'COMMA', keysOf(COLUMN_DELIMITERS), 'columnDelimiter'),
    lineEnding: oneOf(body.lineEnding ?? 'LF', keysOf(LINE_ENDINGS), 'lineEnding'),
  };
};

/** The only change that a query job takes: `{"state": "Aborted"}`. */
export const requireAbort = (text: string): void => {
  const { state, ...others } = parseJsonObject(text);
  if (state !== 'Aborted' || Object.keys(others).length > 0)
    throw invalid('The only change of a query job is {"state": "Aborted"}');
};

/**
 * Bulk API 2.0 Developer Guide, "Understanding Bulk API 2.0 Query". TYPEOF is refused when the query is described.
 * Salesforce documents the wording of the refusal of subqueries alone.
 */
const REFUSALS: [QueryFeature, string][] = [
  ['children', 'Aggregate Relationships not supported in Bulk V2 Query with CSV content type'],
  ['GROUP BY', 'GROUP BY not supported in Bulk V2 Query'],
  ['aggregates', 'Aggregate functions not supported in Bulk V2 Query'],
  ['OFFSET', 'OFFSET not supported in Bulk V2 Query'],
  ['FIELDS()', 'FIELDS() not supported in Bulk V2 Query'],
];

/** Which queries Bulk API 2.0 takes. */
export const requireBulkQuery = ({ features, columns }: QueryDescription): void => {
  for (const [feature, message] of REFUSALS) if (features.has(feature)) throw apiError('API_ERROR', message);
  if (columns.some(({ type }) => type === 'base64'))
    throw apiError('API_ERROR', 'Blob field not supported in Bulk V2 Query with CSV content type');
  // Not documented: what clients of Salesforce report.
  if (columns.some(({ type }) => type === 'address'))
    throw apiError('API_ERROR', 'Selecting compound data not supported in Bulk Query');
};

/** Results hold what their creator may read: they are for nobody else. */
export const ownJob = (call: Call): QueryJob => {
  const job = namedJob(call, QUERY_JOBS);
  if (job.createdById !== call.userId) throw notYours();
  return job;
};

/** Records of a set when the client does not say. Salesforce's own default is not documented. */
const DEFAULT_RECORDS = 50_000;
const WHOLE_NUMBER = /^\d+$/;

/** `?locator=MTAwMDA&maxRecords=5000`: which set of a query job's results. */
export interface ResultPage {
  /** Inclusive and exclusive. */
  start: number;
  end: number;
}

/** Names a set of results for as long as the job lives. */
export const locatorOf = (start: number): string => Buffer.from(String(start)).toString('base64url');

export const resultPage = ({ records }: QueryJob, query: URLSearchParams): ResultPage => {
  const start = startOf(query.get('locator'), records);
  return { start, end: Math.min(start + sizeOf(query.get('maxRecords')), records) };
};

const startOf = (locator: string | null, records: number): number => {
  if (locator === null) return 0;
  const text = Buffer.from(locator, 'base64url').toString();
  const start = WHOLE_NUMBER.test(text) ? Number(text) : 0;
  if (start > 0 && start < records && locatorOf(start) === locator) return start;
  throw apiError('INVALID_QUERY_LOCATOR', 'invalid query locator');
};

const sizeOf = (maxRecords: string | null): number => {
  if (maxRecords === null) return DEFAULT_RECORDS;
  const size = WHOLE_NUMBER.test(maxRecords) ? Number(maxRecords) : 0;
  if (size > 0) return size;
  throw apiError('API_ERROR', `maxRecords must be a whole number above 0, not ${maxRecords}`);
};
