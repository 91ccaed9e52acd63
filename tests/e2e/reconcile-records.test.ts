import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { executeAnonymous } from '../../src/story/org/connect.ts';
import { salesforceClient } from '../../scripts/reconciling/sides.ts';
import { describeContentCheck } from '../../scripts/reconciling/text.ts';
import { settle } from '../../src/story/settle.ts';
import { startSystem, type System } from '../../src/flows/cases/told/system.ts';
import { recordRun, type Recorded } from '../../src/reconciliation/org/record.ts';
import { closeBreaker } from '../../src/reconciliation/org/state.ts';
import type { ReconcileOptions } from '../../src/reconciliation/reconcile.ts';
import type { ReconciliationReport } from '../../src/reconciliation/report.ts';
import { WHOLE_RANGE } from '../../src/reconciliation/types.ts';
import { compare } from './support/compare.ts';
import { seedSample } from './support/cases.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const HOUR = 3_600_000;
const ROWS = 25;

let system: System;

/** As `npm run reconcile` does it. */
const run = async (
  options: Partial<ReconcileOptions> = {},
): Promise<{ report: ReconciliationReport; recorded: Recorded }> => {
  const report = await compare(system, options);
  return { report, recorded: await recordRun(salesforceClient(system.admin), report) };
};

const query = async <T extends object>(soql: string): Promise<T[]> => (await system.admin.query<T>(soql)).records;

const settleLater = async (): Promise<void> => {
  await settle(system);
  await system.advance(HOUR);
  await settle(system);
};

before(async () => {
  system = await startSystem({ projectDir: root });
  await seedSample(system, 0, ROWS);
  await settleLater();
});

after(() => system.stop());

test('a comparison that finds both sides equal stands in the org with the sums of both, and vouches for the digests in the next report', async () => {
  const { report, recorded } = await run({ contentCheck: WHOLE_RANGE });
  assert.equal(report.verdict, 'equal', JSON.stringify(report.discrepancies));
  const [stored] = await query<Record<string, number | string>>(
    `SELECT Type__c, Verdict__c, Salesforce_Count__c, External_Count__c, Salesforce_D__c, External_D__c, Content_Check_Records__c, Content_Check_Covered__c FROM Reconciliation_Run__c WHERE Id = '${recorded.runId}'`,
  );
  assert.equal(stored!.Type__c, 'Two-Sided');
  assert.equal(stored!.Verdict__c, 'Equal');
  assert.equal(stored!.Salesforce_Count__c, ROWS);
  assert.equal(stored!.Salesforce_D__c, report.totals.external.d);
  assert.equal(stored!.Content_Check_Records__c, ROWS);
  assert.equal(stored!.Content_Check_Covered__c, 100);

  await system.advance(24 * HOUR);
  const next = await run();
  assert.equal(next.report.contentCheck, null, 'this one checked nothing');
  assert.match(describeContentCheck(next.report), /^all within the last 1\.\d days$/);
});

test('the org sums its own digests to what the comparison summed', async () => {
  await executeAnonymous(system.admin, 'CaseDigestBatch.runNow();');
  await settle(system);
  const [sums] = await query<Record<string, number | string>>(
    "SELECT Verdict__c, Salesforce_Count__c, Salesforce_D__c FROM Reconciliation_Run__c WHERE Type__c = 'Digests'",
  );
  assert.equal(sums!.Verdict__c, 'Summed');
  const { report } = await run();
  assert.equal(sums!.Salesforce_Count__c, report.totals.salesforce.count);
  assert.equal(sums!.Salesforce_D__c, report.totals.salesforce.d);
});

test('too many differences open the breaker for job and script; a person closes it; what was repaired is resolved by the next run', async () => {
  const [bypassed] = await query<{ Id: string }>('SELECT Id FROM Case ORDER BY Id LIMIT 1');
  await system.bypassTriggers('Case', bypassed!.Id, { Subject: 'Bypassed' });
  await system.advance(16 * 60_000);
  await settle(system);

  const tripped = await run({ contentCheck: WHOLE_RANGE, breakerShare: 0, breakerLeast: 1 });
  assert.equal(tripped.report.verdict, 'stopped by the circuit breaker', JSON.stringify(tripped.report.discrepancies));
  assert.equal(tripped.recorded.breakerOpen, true);
  const standing =
    "SELECT Kind__c, Status__c, Case__c, Differing_Fields__c, Salesforce_Values__c, Run__c FROM Discrepancy__c WHERE Kind__c = 'bypassed trigger'";
  const [stored] = await query<Record<string, string>>(standing);
  assert.equal(stored!.Status__c, 'Open');
  assert.equal(stored!.Case__c, bypassed!.Id);
  assert.equal(stored!.Differing_Fields__c, 'Subject (Salesforce)');
  assert.equal(stored!.Salesforce_Values__c, 'Subject: Bypassed');
  assert.equal(stored!.Run__c, tripped.recorded.runId);

  const stopped = await run({ contentCheck: WHOLE_RANGE });
  assert.equal(stopped.report.breaker.state, 'open', 'whatever the share is now');
  assert.equal(stopped.report.verdict, 'stopped by the circuit breaker');
  await assert.rejects(
    closeBreaker(salesforceClient(system.admin), 'cases'),
    /You need the permission Close Concord Breaker/,
  );

  const [admins] = await query<{ Id: string }>("SELECT Id FROM PermissionSet WHERE Name = 'Concord_Admin'");
  const { user_id } = await system.admin.identity();
  await system.admin.sobject('PermissionSetAssignment').create({ AssigneeId: user_id, PermissionSetId: admins!.Id });
  await closeBreaker(salesforceClient(system.admin), 'cases');

  const repaired = await run({ contentCheck: WHOLE_RANGE });
  assert.equal(repaired.report.verdict, 'repaired', JSON.stringify(repaired.report.discrepancies));
  assert.equal((await query<Record<string, string>>(standing))[0]!.Status__c, 'Repairing');
  await settleLater();
  const last = await run({ contentCheck: WHOLE_RANGE });
  assert.equal(last.report.verdict, 'equal', JSON.stringify(last.report.discrepancies));
  assert.equal(last.recorded.resolved, 1);
  assert.equal((await query<Record<string, string>>(standing))[0]!.Status__c, 'Resolved');
});
