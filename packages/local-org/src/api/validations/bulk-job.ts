/** What is read in the same way from requests about query jobs and about ingest jobs. */
import type { BulkJob, JobTable } from '../bulk/jobs.ts';
import type { Call } from '../call.ts';
import { apiError, notFound } from '../errors.ts';
import { asText, type Json } from '../json-body.ts';
import { hasUserPermission } from './user-permission.ts';

export const keysOf = <T extends object>(values: T): (keyof T)[] => Object.keys(values) as (keyof T)[];

export const oneOf = <T extends PropertyKey>(value: Json | undefined, values: T[], name: string): T => {
  if (values.includes(value as T)) return value as T;
  throw apiError('API_ERROR', `${name} must be one of ${values.join(', ')}, not ${asText(value)}`);
};

export const notYours = (): Error => apiError('INVALIDUSER', 'The job was created by another user');

/**
 * A job of the caller's own. Those of others are for users with Modify All Data: the local org does not
 * have Manage Data Integrations, the permission that Salesforce asks for.
 */
export const namedJob = <J extends BulkJob>({ deps, userId, params }: Call, jobs: JobTable<J>): J => {
  const job = jobs.find(deps.store, params.id!, deps.clock.now());
  if (!job) throw notFound();
  if (job.createdById !== userId && !hasUserPermission(deps.store, userId, 'ModifyAllData')) throw notYours();
  return job;
};

const JOB_TYPES = ['Classic', 'V2Query', 'V2Ingest'] as const;
export type JobType = (typeof JOB_TYPES)[number];
const CONCURRENCY_MODES = ['parallel', 'serial'];
const ID = /^750\w{15}$/;
/** Bulk API 2.0 Developer Guide, "Get Information About All Query Jobs" and "Get Information About All Jobs". */
const JOBS_A_PAGE = 1_000;

/** `?jobType=V2Query&concurrencyMode=parallel&isPkChunkingEnabled=false&queryLocator=…` of a list of jobs. */
interface JobFilter {
  /** The id behind which the list goes on; '' from the beginning. */
  after: string;
  /** Only jobs are asked for that the list does not have: of another type, serial ones. */
  none: boolean;
}

/** `own`: the type of the jobs that the list has. */
const jobFilter = (query: URLSearchParams, own: JobType): JobFilter => {
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

export interface JobList {
  done: boolean;
  records: Record<string, unknown>[];
  nextRecordsUrl: string | null;
}

/** What a list is of: its jobs, their type, where it stands below the version, and how it shows a job. */
export interface Listed<J extends BulkJob> {
  jobs: JobTable<J>;
  type: JobType;
  path: string;
  show: (job: J) => Record<string, unknown>;
}

/** The jobs that the caller may ask for, 1,000 at a time; ids sort by their creation, so a list goes on behind the last one it told. */
export const listOf = <J extends BulkJob>(
  { deps, userId, query, base }: Call,
  { jobs, type, path, show }: Listed<J>,
): JobList => {
  const { after, none } = jobFilter(query, type);
  const all = none ? [] : jobs.all(deps.store, deps.clock.now());
  const sees = hasUserPermission(deps.store, userId, 'ModifyAllData');
  const rest = all.filter(({ id, createdById }) => (sees || createdById === userId) && id > after);
  const page = rest.slice(0, JOBS_A_PAGE);
  const done = page.length === rest.length;
  const next = new URLSearchParams(query);
  if (!done) next.set('queryLocator', Buffer.from(page.at(-1)!.id).toString('base64url'));
  return { done, records: page.map(show), nextRecordsUrl: done ? null : `${base}${path}?${next.toString()}` };
};
