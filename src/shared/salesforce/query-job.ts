/** Reading through a Bulk API 2.0 query job: made for results that would take many pages of a query. */
import type { Clock } from 'kernel/clock.ts';
import { CsvError } from 'csv-parse/sync';
import type { Scalar } from '../values.ts';
import type { ContentType } from '../digest/content.ts';
import { expected, UnreadableAnswer } from '../expected.ts';
import { isPlain, isText } from '../shapes.ts';
import { rowsOfCsv } from './csv-rows.ts';
import type { SalesforceClient, TextAnswer } from './client.ts';

/** Milliseconds before the first look at a job; doubled for each further one up to the longest. Every look is an API call. */
const WAIT = { firstMs: 1_000, maxMs: 30_000 };
/** Milliseconds after which a job is given up: Salesforce itself gives a query two minutes a try, and tries 15 times. */
const PATIENCE = 30 * 60_000;
/** Records of a set of results: some 50 MB of records with long texts, well below the 1 GB of a result file. */
export const RECORDS_A_SET = 50_000;
/** What Sforce-Locator says when there is no further set. */
const NO_MORE = 'null';

/** The job did not come to a whole result. Says which, and why. */
export class QueryJobFailed extends Error {
  override name = 'QueryJobFailed';
}

interface JobInfo {
  id: string;
  state: 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';
  numberRecordsProcessed?: number;
  errorMessage?: string;
}

const isJob = (value: unknown): value is JobInfo => isPlain(value) && isText(value.id) && isText(value.state);
type Row = Record<string, Scalar>;

/** How a job is made, waited for and read. */
export interface JobRoad {
  client: SalesforceClient;
  clock: Clock;
  /** Sends each call, again where it wants to; absent: once. */
  send?: <T>(call: () => Promise<T>) => Promise<T>;
  /** After each look that found the job under way; ends the waiting when it rejects. */
  onLook?: () => Promise<void>;
  signal?: AbortSignal | undefined;
  wait?: { firstMs: number; maxMs: number };
  /** Whether a row has what the query asked for; absent: nobody looks. */
  isRow?: (row: Row) => boolean;
}

const once = <T>(call: () => Promise<T>): Promise<T> => call();

/** Makes a job for a query; its id. A query with ORDER BY or LIMIT keeps Salesforce from dividing the job by primary key. One call. */
export const makeQueryJob = async ({ client, send = once }: JobRoad, soql: string): Promise<string> => {
  const query = { operation: 'query', query: soql, lineEnding: 'LF', columnDelimiter: 'COMMA' };
  const { id } = await send(async () =>
    expected(await client.change<unknown>('POST', '/jobs/query', query), isJob, 'Salesforce', 'the new query job'),
  );
  return id;
};

/** A set of results. Throws UnreadableAnswer for what is no CSV or has other columns, QueryJobFailed where rows are missing. */
const rowsIn = ({ headers, body }: TextAnswer, id: string, types: Record<string, ContentType>, { isRow }: JobRoad) => {
  let rows: Row[];
  try {
    rows = rowsOfCsv(body, types);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UnreadableAnswer(`the results of the query job ${id} are no CSV: ${error.message}`, { cause: error });
  }
  const told = headers['sforce-numberofrecords'];
  if (told !== undefined && Number(told) !== rows.length) throw incomplete(id, rows.length, told);
  const areRows = (value: Row[]): value is Row[] => isRow === undefined || value.every(isRow);
  return expected(rows, areRows, 'Salesforce', `the columns of the query job ${id}`);
};

/**
 * Rows of a job's result, a set at a time; `types` of columns that are not text. Waits until the job has ended, and reads its
 * result from the begin: a job that somebody else has made is read by its id. Rejects with QueryJobFailed when there is no whole result.
 */
export async function* rowsOfJob(road: JobRoad, id: string, types: Record<string, ContentType>): AsyncGenerator<Row[]> {
  const { client, send = once } = road;
  const { numberRecordsProcessed: records } = await completed(road, id);
  let read = 0;
  for (let locator = ''; locator !== NO_MORE;) {
    const at = `/jobs/query/${id}/results?maxRecords=${RECORDS_A_SET}${locator && `&locator=${encodeURIComponent(locator)}`}`;
    const { rows, headers } = await send(async () => {
      const answer = await client.text(at);
      return { rows: rowsIn(answer, id, types, road), headers: answer.headers };
    });
    read += rows.length;
    yield rows;
    // without the header nothing more can be asked for: the count below tells whether something is missing
    locator = headers['sforce-locator'] ?? NO_MORE;
  }
  if (records !== undefined && read !== records) throw incomplete(id, read, records);
}

/** The rows of a job are there: Salesforce takes one that stays away by itself after seven days. One call. */
export const dropQueryJob = async ({ client }: JobRoad, id: string): Promise<void> => {
  await client.change('DELETE', `/jobs/query/${id}`).catch(() => {});
};

/** Rows of the query, a set of results at a time; `types` of columns that are not text. */
export async function* queryJobRows(
  client: SalesforceClient,
  soql: string,
  types: Record<string, ContentType>,
  clock: Clock,
): AsyncGenerator<Row[]> {
  const road = { client, clock };
  const id = await makeQueryJob(road, soql);
  yield* rowsOfJob(road, id, types);
  await dropQueryJob(road, id);
}

const incomplete = (id: string, read: number, told: number | string): QueryJobFailed =>
  new QueryJobFailed(`query job ${id}: ${read} records were read of ${told}; run again`);

/** Looks at the job until it is complete. */
const completed = async ({ client, clock, send = once, onLook, signal, wait: pause = WAIT }: JobRoad, id: string) => {
  const until = clock.now() + PATIENCE;
  for (let wait = pause.firstMs; ; wait = Math.min(2 * wait, pause.maxMs)) {
    await clock.sleep(wait, signal);
    const job = await send(async () =>
      expected(await client.get<unknown>(`/jobs/query/${id}`), isJob, 'Salesforce', `the query job ${id}`),
    );
    if (job.state === 'JobComplete') return job;
    if (job.state === 'Failed')
      throw new QueryJobFailed(
        `query job ${id} failed: ${job.errorMessage ?? 'Salesforce gives no reason'}; see Bulk Data Load Jobs in Setup`,
      );
    if (job.state === 'Aborted') throw new QueryJobFailed(`query job ${id} was aborted by somebody; run again`);
    if (clock.now() >= until) {
      await send(() => client.change('PATCH', `/jobs/query/${id}`, { state: 'Aborted' }));
      throw new QueryJobFailed(
        `query job ${id} is ${job.state} after ${PATIENCE / 60_000} minutes and was aborted; see Bulk Data Load Jobs in Setup, then run again`,
      );
    }
    await onLook?.();
  }
};
