/** `?locator=MTAwMDA&maxRecords=5000`: which set of a query job's results. */
import type { QueryJob } from '../bulk/query-job.ts';
import { apiError } from '../errors.ts';

/** Records of a set when the client does not say. Salesforce's own default is not documented. */
const DEFAULT_RECORDS = 50_000;
const WHOLE_NUMBER = /^\d+$/;

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
