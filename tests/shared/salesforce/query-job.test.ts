import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queryJobRows, QueryJobFailed } from '../../../src/shared/salesforce/query-job.ts';
import { BudgetSpent, SalesforceClient } from '../../../src/shared/salesforce/client.ts';
import type { Scalar } from '../../../src/shared/case-messages.ts';
import type { Clock } from 'kernel/clock.ts';

const MINUTE = 60_000;
const JOB = '750000000000001AAA';
const PATH = '/services/data/v67.0/jobs/query';

interface Info {
  state: string;
  numberRecordsProcessed?: number;
  errorMessage?: string;
}

interface Page {
  text: string;
  locator: string;
  records?: number;
}

/** An org that answers looks at the job with these states, the last one for ever, and with these sets of results. */
const orgWith = (looks: Info[], pages: Page[] = [], budget?: number) => {
  const calls: string[] = [];
  const waits: number[] = [];
  let now = 0;
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      waits.push(ms);
      now += ms;
    },
  };
  const client = new SalesforceClient(
    async <T>({ method, url, body, as }: { method: string; url: string; body?: unknown; as?: 'text' }): Promise<T> => {
      calls.push(`${method} ${url.replace(PATH, '')}`);
      if (method === 'POST') {
        assert.deepEqual(body, {
          operation: 'query',
          query: 'SELECT X FROM Y',
          lineEnding: 'LF',
          columnDelimiter: 'COMMA',
        });
        return { id: JOB, state: 'UploadComplete' } as T;
      }
      if (as === 'text') {
        const { text, locator, records } = pages.shift()!;
        const count = records === undefined ? {} : { 'sforce-numberofrecords': String(records) };
        return { headers: { 'sforce-locator': locator, ...count }, body: text } as T;
      }
      if (method === 'GET') return { id: JOB, ...(looks.length > 1 ? looks.shift() : looks[0]) } as T;
      return undefined as T;
    },
    '67.0',
    budget,
  );
  const read = async (): Promise<Record<string, Scalar>[]> => {
    const rows: Record<string, Scalar>[] = [];
    for await (const set of queryJobRows(client, 'SELECT X FROM Y', {}, clock)) rows.push(...set);
    return rows;
  };
  return { read, calls, waits, client };
};

test('waits longer between looks, reads set after set by locator, and deletes the job', async () => {
  const running = { state: 'InProgress' };
  const { read, calls, waits, client } = orgWith(
    [running, running, running, running, running, running, { state: 'JobComplete', numberRecordsProcessed: 3 }],
    [
      { text: '"X"\n"1"\n"2"\n', locator: 'MTAw=+', records: 2 },
      { text: '"X"\n"3"\n', locator: 'null', records: 1 },
    ],
  );
  assert.deepEqual(await read(), [{ X: '1' }, { X: '2' }, { X: '3' }]);
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  assert.deepEqual(calls, [
    'POST ',
    ...Array<string>(7).fill(`GET /${JOB}`),
    `GET /${JOB}/results?maxRecords=50000`,
    `GET /${JOB}/results?maxRecords=50000&locator=MTAw%3D%2B`,
    `DELETE /${JOB}`,
  ]);
  assert.equal(client.calls, calls.length);
});

test('a job without records has a result without rows', async () => {
  const { read } = orgWith(
    [{ state: 'JobComplete', numberRecordsProcessed: 0 }],
    [{ text: '"X"\n', locator: 'null', records: 0 }],
  );
  assert.deepEqual(await read(), []);
});

test('a job that failed or was aborted is an error that names it and says why', async () => {
  const failed = orgWith([{ state: 'InProgress' }, { state: 'Failed', errorMessage: 'QUERY_TIMEOUT: too long' }]);
  await assert.rejects(failed.read(), {
    name: 'QueryJobFailed',
    message: `query job ${JOB} failed: QUERY_TIMEOUT: too long; see Bulk Data Load Jobs in Setup`,
  });
  const aborted = orgWith([{ state: 'Aborted' }]);
  await assert.rejects(aborted.read(), { message: `query job ${JOB} was aborted by somebody; run again` });
});

test('a job that does not end is aborted after half an hour', async () => {
  const { read, calls, waits } = orgWith([{ state: 'InProgress' }]);
  await assert.rejects(read(), /is InProgress after 30 minutes and was aborted/);
  const waited = waits.reduce((sum, ms) => sum + ms, 0);
  assert.ok(waited >= 30 * MINUTE && waited < 31 * MINUTE);
  assert.equal(calls.at(-1), `PATCH /${JOB}`);
  assert.ok(calls.length < 70, 'looks are bounded');
});

test('a result that is not whole is an error', async () => {
  const complete = { state: 'JobComplete', numberRecordsProcessed: 2 };
  const cutText = orgWith([complete], [{ text: '"X"\n"1"\n', locator: 'null', records: 2 }]);
  await assert.rejects(cutText.read(), new QueryJobFailed(`query job ${JOB}: 1 records were read of 2; run again`));
  const setMissing = orgWith([complete], [{ text: '"X"\n"1"\n', locator: 'null' }]);
  await assert.rejects(setMissing.read(), QueryJobFailed);
});

test('the budget of calls ends the looking', async () => {
  const { read, calls } = orgWith([{ state: 'InProgress' }], [], 4);
  await assert.rejects(read(), BudgetSpent);
  assert.equal(calls.length, 4);
});
