/** Reading through a Bulk API 2.0 query job: made for results that would take many pages of a query. */
import type { Clock } from 'kernel/clock.ts';
import type { Scalar } from '../../shared/values.ts';
import type { ContentType } from '../../shared/digest/content.ts';
import { rowsOfCsv } from './csv-rows.ts';
import type { SalesforceClient } from '../../shared/salesforce/client.ts';

/** Milliseconds before the first look at a job; doubled for each further one up to the longest. Every look is an API call. */
const FIRST_WAIT = 1_000;
const MAX_WAIT = 30_000;
/** Milliseconds after which a job is given up: Salesforce itself gives a query two minutes a try, and tries 15 times. */
const PATIENCE = 30 * 60_000;
/** Records of a set of results: some 50 MB of records with long texts, well below the 1 GB of a result file. */
const RECORDS_A_SET = 50_000;
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

/** Rows of the query, a set of results at a time; `types` of columns that are not text. */
export async function* queryJobRows(
  client: SalesforceClient,
  soql: string,
  types: Record<string, ContentType>,
  clock: Clock,
): AsyncGenerator<Record<string, Scalar>[]> {
  const { id } = await client.change<JobInfo>('POST', '/jobs/query', {
    operation: 'query',
    query: soql,
    lineEnding: 'LF',
    columnDelimiter: 'COMMA',
  });
  const { numberRecordsProcessed: records } = await completed(client, id, clock);
  let read = 0;
  for (let locator = ''; locator !== NO_MORE;) {
    const { headers, body } = await client.text(
      `/jobs/query/${id}/results?maxRecords=${RECORDS_A_SET}${locator && `&locator=${encodeURIComponent(locator)}`}`,
    );
    const rows = rowsOfCsv(body, types);
    if (headers['sforce-numberofrecords'] !== undefined && Number(headers['sforce-numberofrecords']) !== rows.length)
      throw incomplete(id, rows.length, headers['sforce-numberofrecords']);
    read += rows.length;
    yield rows;
    // without the header nothing more can be asked for: the count below tells whether something is missing
    locator = headers['sforce-locator'] ?? NO_MORE;
  }
  if (records !== undefined && read !== records) throw incomplete(id, read, records);
  // The rows are there; Salesforce takes a job that stays away by itself after seven days.
  await client.change('DELETE', `/jobs/query/${id}`).catch(() => {});
}

const incomplete = (id: string, read: number, told: number | string): QueryJobFailed =>
  new QueryJobFailed(`query job ${id}: ${read} records were read of ${told}; run again`);

/** Looks at the job until it is complete. */
const completed = async (client: SalesforceClient, id: string, clock: Clock): Promise<JobInfo> => {
  const until = clock.now() + PATIENCE;
  for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, MAX_WAIT)) {
    await clock.sleep(wait);
    const job = await client.get<JobInfo>(`/jobs/query/${id}`);
    if (job.state === 'JobComplete') return job;
    if (job.state === 'Failed')
      throw new QueryJobFailed(
        `query job ${id} failed: ${job.errorMessage ?? 'Salesforce gives no reason'}; see Bulk Data Load Jobs in Setup`,
      );
    if (job.state === 'Aborted') throw new QueryJobFailed(`query job ${id} was aborted by somebody; run again`);
    if (clock.now() >= until) {
      await client.change('PATCH', `/jobs/query/${id}`, { state: 'Aborted' });
      throw new QueryJobFailed(
        `query job ${id} is ${job.state} after ${PATIENCE / 60_000} minutes and was aborted; see Bulk Data Load Jobs in Setup, then run again`,
      );
    }
  }
};
