/** The rolling content check as `npm run reconcile` makes it, when it reads through a Bulk API 2.0 query job. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { renderHtml } from '../../scripts/reconciling/html.ts';
import { externalRequest, salesforceClient } from '../../scripts/reconciling/sides.ts';
import { renderText } from '../../scripts/reconciling/text.ts';
import { settle } from '../../src/story/settle.ts';
import { startSystem, type System } from '../../src/flows/cases/told/system.ts';
import { comparedCase } from '../../src/flows/cases/compared/case.ts';
import { reconcile, type ReconcileOptions } from '../../src/reconciliation/reconcile.ts';
import type { ReconciliationReport } from '../../src/reconciliation/report.ts';
import { WHOLE_RANGE } from '../../src/reconciliation/types.ts';
import { ShiftableClock } from 'kernel/clock.ts';
import { seedSample } from './support/cases.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const ROWS = 12;

let system: System;

const run = (options: Partial<ReconcileOptions> = {}, maxApiCalls?: number): Promise<ReconciliationReport> => {
  const clock = new ShiftableClock(system.offset());
  return reconcile({
    compared: comparedCase,
    salesforce: salesforceClient(system.admin, maxApiCalls),
    external: externalRequest(system.external.url, system.externalToken),
    // jobs of the local org are done when they are asked for: waiting takes the test nothing
    clock: { now: () => clock.now(), sleep: () => clock.sleep(5) },
    graceMs: 15 * 60_000,
    dryRun: true,
    runKey: randomUUID(),
    org: salesforceClient(system.admin),
    breakerShare: 1,
    contentCheck: WHOLE_RANGE,
    maxContentCheckQueried: 0,
    ...options,
  });
};

before(async () => {
  system = await startSystem({ projectDir: root });
  await seedSample(system, 0, ROWS);
  await settle(system);
  await system.advance(3_600_000);
  await settle(system);
});

after(() => system.stop());

test('the content check reads through a query job and tells what it used of its budget', async () => {
  const report = await run();
  assert.equal(report.verdict, 'equal', JSON.stringify(report.discrepancies));
  assert.deepEqual(report.contentCheck, { ...WHOLE_RANGE, records: ROWS, suspects: 0 });
  assert.deepEqual(report.contentCheckCost, {
    through: 'query job',
    calls: 5,
    callsInDay: 5,
    dailyBudget: 150,
    dailyAllocation: 15_000,
  });
  const told =
    /through a query job with 5 API calls; content checks made 5 of the 150 that they may make in 24 hours; the org.s daily API requests: 15000/;
  assert.match(renderText(report), told);
  assert.match(renderHtml(report), told);
  const byQuery = await run({ maxContentCheckQueried: ROWS });
  assert.deepEqual(byQuery.contentCheck, report.contentCheck);
  assert.deepEqual([byQuery.contentCheckCost!.through, byQuery.contentCheckCost!.calls], ['query', 2]);
  const none = await run({ maxContentCheckQueried: undefined, contentCheck: undefined });
  assert.deepEqual([none.contentCheck, none.contentCheckCost, none.contentCheckFailure], [null, null, null]);
});

test('a content check that breaks off takes nothing along: what the sums tell is found, its range counts as not checked', async () => {
  const [changed] = (
    await system.admin.query<{ Id: string; External_Id__c: string }>('SELECT Id, External_Id__c FROM Case LIMIT 1')
  ).records;
  await system.external.control.post('/control/faults', { loseOutgoing: { record: 1 } });
  const response = await fetch(`${system.external.url}/v1/cases/${changed!.External_Id__c}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${system.externalToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ values: { Status: 'Escalated' } }),
  });
  assert.ok(response.ok, await response.text());
  await system.advance(16 * 60_000);

  const whole = await run();
  assert.deepEqual(whole.byKind, { 'version skew': 1 });

  const clock = new ShiftableClock(system.offset());
  const abortJobs = async (): Promise<void> => {
    const { records } = await system.admin.request<{ records: { id: string; state: string }[] }>('/jobs/query');
    for (const { id, state } of records)
      if (state === 'UploadComplete')
        await system.admin.request({ method: 'PATCH', url: `/jobs/query/${id}`, body: '{"state":"Aborted"}' });
  };
  const broken = await run({ clock: { now: () => clock.now(), sleep: abortJobs } });
  assert.match(broken.contentCheckFailure!, /^query job 750\w+ was aborted by somebody; run again$/);
  assert.deepEqual([broken.contentCheck, broken.contentCheckAge.coveredPercent], [null, 0]);
  assert.deepEqual(broken.byKind, whole.byKind);
  assert.match(renderText(broken), /the content check broke off: query job 750/);

  const short = await run({}, whole.apiCalls - 2);
  assert.equal(short.verdict, 'budget spent');
  assert.deepEqual([short.contentCheck, short.byKind], [null, whole.byKind]);
});
