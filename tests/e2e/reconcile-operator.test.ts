import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { executeAnonymous } from '../../src/story/org/connect.ts';
import { assignPermissionSet, permissionSetsFor } from '../../src/story/org/set-up.ts';
import { auditTrail, externalRequest } from '../../scripts/reconciling/sides.ts';
import { renderText } from '../../scripts/reconciling/text.ts';
import { renderUndo } from '../../scripts/reconciling/undo.ts';
import { settle } from '../../src/story/settle.ts';
import { startSystem, type System } from '../../src/flows/cases/told/system.ts';
import { recordRun } from '../../src/reconciliation/org/record.ts';
import { closeBreaker } from '../../src/reconciliation/org/state.ts';
import { readRunToUndo, recordUndo } from '../../src/reconciliation/org/undone-run.ts';
import { comparedCase } from '../../src/flows/cases/compared/case.ts';
import type { ReconcileOptions } from '../../src/reconciliation/reconcile.ts';
import { undo, type UndoReport } from '../../src/reconciliation/repair/undo.ts';
import type { ReconciliationReport } from '../../src/reconciliation/report.ts';
import type { SalesforceClient } from '../../src/shared/salesforce/client.ts';
import { WHOLE_RANGE } from '../../src/reconciliation/types.ts';
import { ShiftableClock } from 'kernel/clock.ts';
import { compare } from './support/compare.ts';
import { logInBy } from './support/log-in.ts';
import { seedSample } from './support/cases.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const USERNAME = 'operator@concord.example';
const APP = { consumerKey: 'concord-operator', consumerSecret: randomUUID(), runAs: USERNAME };

let system: System;
let operatorId: string;
let cases: { Id: string; Sync_Key__c: string; Subject: string; Status: string; External_Id__c: string }[];
let repairing: ReconciliationReport;
let runId: string;

const external = (): ReturnType<typeof externalRequest> => externalRequest(system.external.url, system.externalToken);

const query = async <T extends object>(soql: string): Promise<T[]> => (await system.admin.query<T>(soql)).records;

/** A user with an operator's permission sets on a profile that gives nothing. */
const createOperator = async (): Promise<string> => {
  const [profile] = await query<{ Id: string }>("SELECT Id FROM Profile WHERE Name = 'Minimum Access - Salesforce'");
  const { id } = await system.admin.sobject('User').create({
    Username: USERNAME,
    Email: USERNAME,
    LastName: 'Operator',
    Alias: 'operator',
    ProfileId: profile!.Id,
    TimeZoneSidKey: 'GMT',
    LocaleSidKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
    LanguageLocaleKey: 'en_US',
  });
  for (const name of permissionSetsFor('operator', system.flows)) await assignPermissionSet(system.admin, id!, name);
  return id!;
};

/** A session ends with two hours on the clock, so each command logs in, as it does for people. */
const logIn = (): Promise<SalesforceClient> => logInBy(system, APP);

/** As `npm run reconcile` does it, as the operator. */
const run = (options: Partial<ReconcileOptions> = {}): Promise<ReconciliationReport> =>
  compare(system, { trail: auditTrail(system.middleLayer.url, system.operatorToken), ...options }, logIn);

/** As `npm run reconcile -- --undo RUN` does it, as the operator. */
const takeBack = async (of: string, options: { key?: string; dryRun?: boolean } = {}): Promise<UndoReport> => {
  const { key = null, dryRun = false } = options;
  const clock = new ShiftableClock(system.offset());
  const { runKey: undoes, valueless } = await readRunToUndo(await logIn(), of);
  return undo({
    compared: comparedCase,
    external: external(),
    clock,
    runKey: randomUUID(),
    undoes,
    key,
    dryRun,
    valueless,
  });
};

const outcomes = ({ records }: UndoReport): [string, string, string][] =>
  records.map(({ key, repair, outcome }) => [key, repair, outcome.slice(0, 33)]);

before(async () => {
  system = await startSystem({ projectDir: root, connectedApps: [APP] });
  operatorId = await createOperator();
  // what this test loses is not for the scheduled job to find
  await executeAnonymous(system.admin, 'ConcordSchedule.uninstall();');
  await seedSample(system, 0, 8);
  await settle(system);
  cases = await query('SELECT Id, Sync_Key__c, Subject, Status, External_Id__c FROM Case ORDER BY Id');
});

after(() => system.stop());

test('the operator finds, explains, repairs and records, with one permission set alone', async () => {
  const [skewed, other, stuck] = cases;
  await system.external.control.post('/control/faults', { loseOutgoing: { record: 1 } });
  for (const { External_Id__c: id } of [skewed!, other!]) {
    const response = await fetch(`${system.external.url}/v1/cases/${id}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${system.externalToken}` },
      body: JSON.stringify({ values: { Subject: `Outside ${id}`, Status: 'Escalated' } }),
    });
    assert.equal(response.status, 200);
  }
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await system.external.control.post('/control/faults', { loseOutgoing: {}, loseIncoming: { request: 1 } });
  await system.admin.sobject('Case').update({ Id: stuck!.Id, Subject: 'Changed here' });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await system.external.control.post('/control/faults', { loseIncoming: {} });
  await system.advance(16 * MINUTE);

  repairing = await run();
  assert.deepEqual(repairing.byKind, { 'version skew': 2, 'stuck in progress': 1 }, renderText(repairing));
  assert.deepEqual(
    repairing.discrepancies.map(({ outcome }) => outcome),
    ['confirmed', 'confirmed', 'confirmed'],
    renderText(repairing),
  );
  assert.deepEqual(repairing.trail, { read: 3, problem: null });
  const cause = (key: string): string => repairing.discrepancies.find((found) => found.key === key)!.cause;
  assert.match(
    cause(skewed!.Sync_Key__c),
    /^No record of revision 2 ever reached the middle layer: the newest it knows is 1, of \d{4}-.* UTC\.$/,
  );
  assert.match(
    cause(stuck!.Sync_Key__c),
    /^The request of version 2 was accepted by the external system at .* UTC, and no answer came back\.$/,
  );

  ({ runId } = await recordRun(await logIn(), repairing));
  const stored = await query<Record<string, string>>(
    `SELECT Sync_Key__c, Cause__c, Cause_From__c, Repaired_By__c FROM Discrepancy__c WHERE Sync_Key__c = '${stuck!.Sync_Key__c}'`,
  );
  assert.equal(stored[0]!.Cause__c, cause(stuck!.Sync_Key__c));
  assert.equal(stored[0]!.Cause_From__c, 'audit trail');
  assert.equal(stored[0]!.Repaired_By__c, runId);

  await settle(system);
  await system.advance(HOUR);
  await settle(system);
  // every digest from its values, through a query job as of a large org
  const after = await run({ dryRun: true, contentCheck: WHOLE_RANGE, maxContentCheckQueried: 0 });
  assert.equal(after.verdict, 'equal', renderText(after));
  assert.equal(after.contentCheck?.records, cases.length, renderText(after));
  const [carried] = await query<{ Subject: string; Status: string }>(
    `SELECT Subject, Status FROM Case WHERE Id = '${skewed!.Id}'`,
  );
  assert.deepEqual([carried!.Subject, carried!.Status], [skewed!.Subject, 'Escalated'], 'each field from its owner');
});

test('a run is undone by its name: the values that it replaced are there again on both sides, and the org tells who did it', async () => {
  const [skewed, other, stuck] = cases;
  const [{ Name: name } = { Name: '' }] = await query<{ Name: string }>(
    `SELECT Name FROM Reconciliation_Run__c WHERE Id = '${runId}'`,
  );
  // this one moves on, so its repair stands
  await system.admin.sobject('Case').update({ Id: other!.Id, Subject: 'Changed since' });
  await settle(system);

  const planned = await takeBack(name, { dryRun: true });
  const expected = (done: string): [string, string, string][] => [
    ...[skewed!, other!]
      .map(({ Sync_Key__c: key }) => key)
      .sort()
      .map((key): [string, string, string] => [
        key,
        'carry by owner',
        key === skewed!.Sync_Key__c ? done : 'refused: the record has moved on',
      ]),
    [stuck!.Sync_Key__c, 'request again', 'nothing to undo'],
  ];
  const shown = (report: UndoReport): [string, string, string][] =>
    outcomes(report).map(([key, repair, outcome]) => [key, repair, outcome.replace(/ to$/, '').trim()]);
  assert.deepEqual(shown(planned), expected('planned'));

  const report = await takeBack(name);
  assert.deepEqual(shown(report), expected('undone'));
  const text = renderUndo({ name, flow: 'cases', runKey: report.undoes, valueless: new Map() }, report);
  assert.match(text, /carry by owner: Status, Subject: undone/);
  assert.doesNotMatch(text, /Outside SR/, 'names of fields, never values');
  const undoId = await recordUndo(await logIn(), report);

  await settle(system);
  const [restored] = await query<{ Subject: string; Status: string }>(
    `SELECT Subject, Status FROM Case WHERE Id = '${skewed!.Id}'`,
  );
  assert.deepEqual([restored!.Subject, restored!.Status], [`Outside ${skewed!.External_Id__c}`, skewed!.Status]);
  const { values } = await external()<{ values: Record<string, string> }>('GET', `/v1/cases/${skewed!.External_Id__c}`);
  assert.deepEqual([values.Subject, values.Status], [restored!.Subject, restored!.Status], 'outside too');

  const [told] = await query<Record<string, string | number>>(
    `SELECT Type__c, Verdict__c, Undoes__c, Undone__c, Left__c FROM Reconciliation_Run__c WHERE Id = '${undoId}'`,
  );
  assert.deepEqual(
    [told!.Type__c, told!.Verdict__c, told!.Undoes__c, told!.Undone__c, told!.Left__c],
    ['Undo', 'Incomplete', runId, 1, 1],
  );
  const marked = await query<{ Sync_Key__c: string }>(
    `SELECT Sync_Key__c FROM Discrepancy__c WHERE Undone_By__c = '${undoId}'`,
  );
  assert.deepEqual(
    marked.map((row) => row.Sync_Key__c),
    [skewed!.Sync_Key__c],
  );

  const again = await takeBack(runId, { key: skewed!.Sync_Key__c });
  assert.deepEqual(outcomes(again), [
    [skewed!.Sync_Key__c, 'carry by owner', `undone before by run ${report.runKey}`.slice(0, 33)],
  ]);
});

test('an undo is undone by its key', async () => {
  const [skewed] = cases;
  const [{ Run_Key__c: key } = { Run_Key__c: '' }] = await query<{ Run_Key__c: string }>(
    "SELECT Run_Key__c FROM Reconciliation_Run__c WHERE Type__c = 'Undo'",
  );
  const report = await takeBack(key);
  assert.deepEqual(
    report.records.map(({ outcome }) => outcome),
    ['undone'],
  );
  await settle(system);
  const [repaired] = await query<{ Subject: string }>(`SELECT Subject FROM Case WHERE Id = '${skewed!.Id}'`);
  assert.equal(repaired!.Subject, skewed!.Subject);
  await assert.rejects(takeBack('RUN-99999999'), /the org has no run RUN-99999999/);
});

test('only a person with the permission closes the breaker', async () => {
  await executeAnonymous(system.admin, "ConcordBreaker.trip('cases', '30 of 100 records differ.', null);");
  await assert.rejects(closeBreaker(await logIn(), 'cases'), /BreakerResource/);
  await assignPermissionSet(system.admin, operatorId, 'Concord_Breaker');
  await closeBreaker(await logIn(), 'cases');
  const [control] = await query<Record<string, string | null>>(
    "SELECT Breaker_Open_Since__c, Breaker_Closed_By__c FROM Sync_Control__c WHERE Key__c = 'flow:cases'",
  );
  assert.deepEqual([control!.Breaker_Open_Since__c, control!.Breaker_Closed_By__c], [null, operatorId]);
});
