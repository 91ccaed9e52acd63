/** `?jobType=V2Query&concurrencyMode=parallel&isPkChunkingEnabled=false&queryLocator=…` of a list of jobs. */
import { apiError } from '../errors.ts';

const JOB_TYPES = ['Classic', 'V2Query', 'V2Ingest'];
const CONCURRENCY_MODES = ['parallel', 'serial'];
const ID = /^750\w{15}$/;

export interface JobFilter {
  /** The id behind which the list goes on; '' from the beginning. */
  after: string;
  /** Only jobs are asked for that the local org does not have: of Bulk API 1.0, of ingest, serial ones. */
  none: boolean;
}

export const jobFilter = (query: URLSearchParams): JobFilter => {
  const jobType = oneOf(query, 'jobType', JOB_TYPES) ?? 'V2Query';
  const mode = oneOf(query, 'concurrencyMode', CONCURRENCY_MODES) ?? 'parallel';
  const chunking = oneOf(query, 'isPkChunkingEnabled', ['true', 'false']);
  return {
    after: behind(query.get('queryLocator')),
    none: jobType !== 'V2Query' || mode !== 'parallel' || chunking === 'true',
  };
};

const oneOf = (query: URLSearchParams, name: string, values: string[]): string | null => {
  const given = query.get(name);
  if (given === null) return null;
  const value = values.find((each) => each.toLowerCase() === given.toLowerCase());
  if (value !== undefined) return value;
  throw apiError('API_ERROR', `${name} must be one of ${values.join(', ')}, not ${given}`);
};

const behind = (locator: string | null): string => {
  if (locator === null) return '';
  const id = Buffer.from(locator, 'base64url').toString();
  if (ID.test(id)) return id;
  throw apiError('INVALID_QUERY_LOCATOR', 'invalid query locator');
};
