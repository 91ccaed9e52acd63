/** What is read in the same way from requests about query jobs and about ingest jobs. */
import { apiError } from '../errors.ts';
import { asText, type Json } from '../json-body.ts';

export const keysOf = <T extends object>(values: T): (keyof T)[] => Object.keys(values) as (keyof T)[];

export const oneOf = <T extends PropertyKey>(value: Json | undefined, values: T[], name: string): T => {
  if (values.includes(value as T)) return value as T;
  throw apiError('API_ERROR', `${name} must be one of ${values.join(', ')}, not ${asText(value)}`);
};

export const notYours = (): Error => apiError('INVALIDUSER', 'The job was created by another user');

const JOB_TYPES = ['Classic', 'V2Query', 'V2Ingest'] as const;
export type JobType = (typeof JOB_TYPES)[number];
const CONCURRENCY_MODES = ['parallel', 'serial'];
const ID = /^750\w{15}$/;
/** Bulk API 2.0 Developer Guide, "Get Information About All Query Jobs" and "Get Information About All Jobs". */
const JOBS_A_PAGE = 1_000;

/** `?jobType=V2Query&concurrencyMode=parallel&isPkChunkingEnabled=false&queryLocator=…` of a list of jobs. */
export interface JobFilter {
  /** The id behind which the list goes on; '' from the beginning. */
  after: string;
  /** Only jobs are asked for that the list does not have: of another type, serial ones. */
  none: boolean;
}

/** `own`: the type of the jobs that the list has. */
export const jobFilter = (query: URLSearchParams, own: JobType): JobFilter => {
  const jobType = parameterOf(query, 'jobType', JOB_TYPES) ?? own;
  const mode = parameterOf(query, 'concurrencyMode', CONCURRENCY_MODES) ?? 'parallel';
  const chunking = parameterOf(query, 'isPkChunkingEnabled', ['true', 'false']);
  return {
    after: behind(query.get('queryLocator')),
    none: jobType !== own || mode !== 'parallel' || chunking === 'true',
  };
};

const parameterOf = (query: URLSearchParams, name: string, values: readonly string[]): string | null => {
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

interface Listed {
  id: string;
}

export interface JobList {
  done: boolean;
  records: Record<string, unknown>[];
  nextRecordsUrl: string | null;
}

/** 1,000 jobs at a time; ids sort by their creation, so a list goes on behind the last one it told. */
export const jobPage = <T extends Listed>(
  jobs: readonly T[],
  { after }: JobFilter,
  query: URLSearchParams,
  { url, show }: { url: string; show: (job: T) => Record<string, unknown> },
): JobList => {
  const rest = jobs.filter(({ id }) => id > after);
  const page = rest.slice(0, JOBS_A_PAGE);
  const done = page.length === rest.length;
  const next = new URLSearchParams(query);
  if (!done) next.set('queryLocator', Buffer.from(page.at(-1)!.id).toString('base64url'));
  return { done, records: page.map(show), nextRecordsUrl: done ? null : `${url}?${next.toString()}` };
};
