import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { auditTrail, externalRequest, salesforceClient } from '../../scripts/reconciling/sides.ts';
import { renderHtml } from '../../scripts/reconciling/html.ts';
import { settle } from '../../src/story/settle.ts';
import { startSystem, type System } from '../../src/flows/cases/told/system.ts';
import { comparedCase } from '../../src/flows/cases/compared/case.ts';
import { reconcile } from '../../src/reconciliation/reconcile.ts';
import { WHOLE_RANGE } from '../../src/reconciliation/types.ts';
import type { ReconciliationReport } from '../../src/reconciliation/report.ts';
import { ShiftableClock } from 'kernel/clock.ts';
import { seedSample } from './support/cases.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const HOUR = 3_600_000;

let system: System;
let cases: { Id: string; Subject: string; External_Id__c: string }[];

const run = (dryRun: boolean, maxApiCalls?: number, contentCheck = WHOLE_RANGE): Promise<ReconciliationReport> =>
  reconcile({
    compared: comparedCase,
    salesforce: salesforceClient(system.admin, maxApiCalls),
    external: externalRequest(system.external.url, system.externalToken),
    clock: new ShiftableClock(system.offset()),
    graceMs: 15 * 60_000,
    dryRun,
    confirmWaitMs: 30_000,
    contentCheck,
    runKey: randomUUID(),
    trail: auditTrail(system.middleLayer.url, system.operatorToken),
    org: salesforceClient(system.admin),
    // a planted share above the default would trip the breaker, which has a test of its own
    breakerShare: 1,
  });

const registry = async (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<unknown> => {
  const response = await fetch(`${system.external.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${system.externalToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.json();
};

before(async () => {
  system = await startSystem({ projectDir: root });
  await seedSample(system, 0, 40);
  await settle(system);
  cases = (await system.admin.query<(typeof cases)[number]>('SELECT Id, Subject, External_Id__c FROM Case ORDER BY Id'))
    .records;
});

after(() => system.stop());

test('two equal sides are proven equal in one Composite call for the sums', async () => {
  await system.advance(HOUR);
  await settle(system);
  const report = await run(true);
  assert.equal(report.verdict, 'equal', JSON.stringify(report.discrepancies));
  assert.equal(report.candidates, 0);
  assert.equal(report.totals.salesforce.count, 40);
  assert.deepEqual(report.totals.salesforce, report.totals.external);
  assert.deepEqual(report.tableReads, { totals: 1, small: 0, large: 0 });
});

test('what was planted is found with its kind and owner, nothing is invented, and repair makes both sides equal', async () => {
  const [changedOutside, bypassed, deletedOutside] = cases;
  // a change outside whose messages are lost for good
  await system.external.control.post('/control/faults', { loseOutgoing: { record: 1, deleted: 1 } });
  await registry('PATCH', `/v1/cases/${changedOutside!.External_Id__c}`, { values: { Status: 'Escalated' } });
  await registry('DELETE', `/v1/cases/${deletedOutside!.External_Id__c}`);
  await registry('POST', '/v1/cases', { values: { Subject: 'Born outside', Status: 'New' } });
  // a load with the trigger switched off: the values change, the trigger's stamp does not
  await system.bypassTriggers('Case', bypassed!.Id, { Subject: 'Bypassed' });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  // beyond grace, but before the registry's own poller has won
  await system.advance(16 * 60_000);

  const dry = await run(true);
  assert.deepEqual(
    dry.byKind,
    { 'version skew': 1, 'orphaned by deletion': 1, 'missing in Salesforce': 1, 'bypassed trigger': 1 },
    JSON.stringify(dry.discrepancies, null, 1),
  );
  assert.equal(dry.verdict, 'discrepancies');
  assert.ok(dry.discrepancies.every(({ outcome }) => outcome === 'planned' || outcome === 'left to a person'));
  assert.match(renderHtml(dry), /bypassed trigger/);
  assert.deepEqual((await run(true)).byKind, dry.byKind, 'a dry run changes nothing');

  await system.external.control.post('/control/faults', { loseOutgoing: {} });
  const repaired = await run(false);
  assert.ok(
    repaired.discrepancies.every(({ outcome }) => outcome === 'confirmed' || outcome === 'left to a person'),
    JSON.stringify(repaired.discrepancies, null, 1),
  );
  await settle(system);
  await system.advance(HOUR);
  await settle(system);
  const last = await run(true);
  assert.deepEqual(last.byKind, { 'orphaned by deletion': 1 }, 'a deletion is left to a person');
  const [restored] = (
    await system.admin.query<{ Subject: string }>(`SELECT Subject FROM Case WHERE Id = '${bypassed!.Id}'`)
  ).records;
  assert.equal(restored!.Subject, 'Bypassed', 'Salesforce owns the subject: its value went out');
});

test('a budget of API calls is kept, and what was not asked is said', async () => {
  const report = await run(true, 2);
  assert.equal(report.verdict, 'budget spent');
  assert.ok(report.apiCalls <= 2);
  assert.match(report.note!, /raise --max-api-calls/);
});
