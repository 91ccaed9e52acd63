/** The rolling content check against a real org of this project: digests that Apex stamped, recomputed from what is read. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createOrg } from 'local-org';
import { contentOf } from '../../../src/shared/digest/content.ts';
import {
  checkContents,
  MAX_QUERIED,
  type ContentCheckOptions,
  type ContentCheckOutcome,
} from '../../../src/reconciliation/find/content-check.ts';
import { queryJobRows } from '../../../src/shared/salesforce/query-job.ts';
import { BudgetSpent, SalesforceClient } from '../../../src/shared/salesforce/client.ts';
import { readSyncedFields, stateColumns, stateOf } from '../../../src/reconciliation/sides/salesforce-records.ts';
import { comparedCase } from '../../../src/flows/cases/compared/case.ts';
import type { CaseState } from '../../../src/flows/cases/compared/types.ts';
import { WHOLE_RANGE, type SyncedFields } from '../../../src/reconciliation/types.ts';
import { ManualClock, type Clock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const orgClock = new ManualClock(Date.UTC(2026, 10, 21, 7, 30));
const org = createOrg({ projectDir: root, clock: orgClock, random: seededRandom(1) });
after(() => org.close());

/** Who waits moves the time. */
const clock: Clock = { now: () => orgClock.now(), sleep: (ms) => orgClock.advance(ms) };

/** `meddle` runs before each request is sent. */
const clientOf = (budget?: number, meddle: (method: string, url: string) => Promise<void> = async () => {}) =>
  new SalesforceClient(
    async <T>({ method, url, body, as }: { method: string; url: string; body?: unknown; as?: 'text' }): Promise<T> => {
      await meddle(method, url);
      const answer = await org.handle({
        method,
        url,
        headers: { host: 'org.test', authorization: `Bearer ${org.info.accessToken}` },
        body: body === undefined ? '' : JSON.stringify(body),
      });
      if (answer.status >= 400) throw new Error(answer.body);
      if (as === 'text') return { headers: answer.headers, body: answer.body } as T;
      return (answer.body === '' ? undefined : JSON.parse(answer.body)) as T;
    },
    '67.0',
    budget,
  );

const AWKWARD = [
  { Subject: 'plain' },
  { Subject: 'quotes " and "" and \' , ; \t tab', Description: 'line\nline\r\nline\rline' },
  { Subject: ' blanks around ', Description: '\n\n  blanks and lines around \n\t' },
  { Subject: '   ', Description: '', City__c: null },
  { Subject: 'ünïcode ✓ 漢字 🎉 e\u0301', Description: 'back\\slash \\n is no line end' },
  { Subject: '007', Incident_Zip__c: '01234', Latitude__c: 40.0001, Longitude__c: -73.9 },
  { Subject: 'zero', Latitude__c: 0, Longitude__c: 12 },
  {
    Subject: 'whole',
    Latitude__c: -90,
    Reported_At__c: '2026-02-28T23:59:59.999+01:00',
    Due_Date__c: '2026-03-01T00:00:00Z',
  },
  { Subject: '"only quoted"', Description: '=1+1' },
];

let fields: SyncedFields;

const check = (client: SalesforceClient, more: Partial<ContentCheckOptions> = {}): Promise<ContentCheckOutcome> =>
  checkContents(client, comparedCase, fields, {
    range: WHOLE_RANGE,
    records: AWKWARD.length,
    clock,
    callsInDay: 0,
    ...more,
  });

before(async () => {
  const client = clientOf();
  const saved = await client.change<{ success: boolean; errors: unknown[] }[]>('POST', '/composite/sobjects', {
    records: AWKWARD.map((values) => ({ attributes: { type: 'Case' }, ...values })),
  });
  assert.ok(
    saved.every(({ success }) => success),
    JSON.stringify(saved),
  );
  fields = await readSyncedFields(client, 'cases', 'Case');
});

test('values read through a query job have the same content as those of a query', async () => {
  const client = clientOf();
  const soql = `SELECT ${stateColumns(comparedCase, fields)} FROM Case ORDER BY Id`;
  const queried = (await client.query(soql)).map((row) => stateOf(comparedCase, row, fields));
  const read: CaseState[] = [];
  for await (const rows of queryJobRows(client, soql, fields.types, clock))
    for (const row of rows) read.push(stateOf(comparedCase, row, fields));
  assert.equal(read.length, AWKWARD.length);
  const told = ({ values, ...state }: CaseState) => ({
    ...state,
    content: contentOf(values, fields.types),
  });
  assert.deepEqual(read.map(told), queried.map(told));
});

test('few Cases are read by a query, many through a query job; both find the digests true', async () => {
  const few = await check(clientOf());
  assert.deepEqual(few, {
    checked: { range: WHOLE_RANGE, records: AWKWARD.length, suspects: [] },
    failure: null,
    cost: { through: 'query', calls: 2, callsInDay: 2, dailyBudget: 150, dailyAllocation: 15_000 },
  });
  // the size that counts is what the sums tell, in the share of the range
  const many = await check(clientOf(), { records: MAX_QUERIED + 1 });
  assert.deepEqual(many, {
    checked: few.checked,
    failure: null,
    cost: { through: 'query job', calls: 5, callsInDay: 5, dailyBudget: 150, dailyAllocation: 15_000 },
  });
  const third = { from: 0, to: WHOLE_RANGE.to / 3 };
  assert.equal((await check(clientOf(), { records: MAX_QUERIED + 1, range: third })).cost.through, 'query');
  const left = await clientOf().get<{ records: unknown[] }>('/jobs/query');
  assert.deepEqual(left.records, [], 'no job stays behind');
});

test('a Case that was changed past its trigger is found either way', async () => {
  const client = clientOf();
  const [row] = await client.query("SELECT Id, Sync_Key__c, Subject FROM Case WHERE Subject = 'plain'");
  org.injectFault({ kind: 'bypass', object: 'Case', code: '', message: '', count: 1 });
  await client.change('PATCH', `/sobjects/Case/${row!.Id as string}`, { Subject: 'past the trigger' });
  for (const maxQueried of [MAX_QUERIED, 0]) {
    const { checked: found } = await check(clientOf(), { maxQueried });
    assert.deepEqual(found!.suspects, [row!.Sync_Key__c]);
  }
});

test('a job that somebody aborts ends the content check, and nothing else', async () => {
  const abort = async (method: string, url: string): Promise<void> => {
    const id = /jobs\/query\/(750\w+)$/.exec(url)?.[1];
    if (method === 'GET' && id) await clientOf().change('PATCH', `/jobs/query/${id}`, { state: 'Aborted' });
  };
  const { checked: none, failure, cost } = await check(clientOf(undefined, abort), { maxQueried: 0 });
  assert.equal(none, null);
  assert.match(failure!.message, /^query job 750\w+ was aborted by somebody; run again$/);
  assert.equal(cost.calls, 3);
});

test('keeps within its share of the daily requests of the org, and within the budget of the run', async () => {
  const endless = new SalesforceClient(async <T>({ method, url }: { method: string; url: string }): Promise<T> => {
    if (url.endsWith('/limits')) return { DailyApiRequests: { Max: 2_500, Remaining: 1 } } as T;
    return { id: '750000000000001AAA', state: method === 'POST' ? 'UploadComplete' : 'InProgress' } as T;
  }, '67.0');
  const { failure, cost } = await check(endless, { maxQueried: 0 });
  assert.equal(failure!.message, 'its budget of 25 API calls a day is spent; 0 were made in the 24 hours before');
  assert.deepEqual([cost.calls, endless.calls, cost.dailyBudget, cost.dailyAllocation], [25, 25, 25, 2_500]);
  const ended = await check(clientOf(2), { maxQueried: 0 });
  assert.ok(ended.failure instanceof BudgetSpent);
  assert.deepEqual([ended.checked, ended.cost.calls], [null, 2], 'what it used counts all the same');
});

test('what earlier content checks of the day used is not there any more', async () => {
  const one = await check(clientOf(), { callsInDay: 147 });
  assert.deepEqual([one.failure, one.cost.callsInDay], [null, 149]);
  const none = await check(clientOf(), { callsInDay: one.cost.callsInDay });
  assert.equal(
    none.failure!.message,
    'its budget of 150 API calls a day is spent; 149 were made in the 24 hours before',
  );
  assert.ok(!(none.failure instanceof BudgetSpent), 'the run goes on');
  assert.deepEqual([none.checked, none.cost.callsInDay], [null, 150]);
});

test('who may not read the limits of the org checks contents within those of the smallest', async () => {
  const refused = clientOf(undefined, async (_, url) => {
    if (url.endsWith('/limits')) throw new Error('INSUFFICIENT_ACCESS');
  });
  const { failure, cost } = await check(refused);
  assert.equal(failure, null);
  assert.deepEqual([cost.dailyBudget, cost.dailyAllocation], [150, null]);
});
