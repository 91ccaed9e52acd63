/** Every query of the product, on an org that takes itself to have fifty million Cases: none may walk over them. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createOrg, type LocalOrg } from 'local-org';
import { ShiftableClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';
import {
  casesByKeys,
  pendingCases,
  pendingTombstones,
  SAMPLED_CASES,
} from '../../../src/flows/cases/carried/salesforce/soql.ts';
import { comparedCase } from '../../../src/flows/cases/compared/case.ts';
import { checkContents } from '../../../src/reconciliation/find/content-check.ts';
import { readOrgState } from '../../../src/reconciliation/org/state.ts';
import {
  keysOfElements,
  readByKeys,
  readIdentities,
  readUnsettledKeys,
} from '../../../src/reconciliation/sides/salesforce-records.ts';
import { salesforceSide } from '../../../src/reconciliation/sides/salesforce.ts';
import { partsOf, WHOLE_RANGE } from '../../../src/reconciliation/types.ts';
import { clientOver, sendTo, type Send } from '../../../src/simulation/salesforce-of.ts';

const DAY = 24 * 3_600_000;
const ROUNDS = 20;
const CASES_A_ROUND = 50;
const PARTS = 255;

/** Cases of a round that has ended: both sides agree. */
const ROUND = `
List<Case> cases = new List<Case>();
for (Integer i = 0; i < ${CASES_A_ROUND}; i++) cases.add(new Case(Subject = 'Case ' + i));
insert cases;
List<Case> settled = new List<Case>();
for (Case c : cases) settled.add(new Case(Id = c.Id, Sync_Status__c = 'Success', Sync_Pending__c = null));
CaseDataStore.current().updateCases(settled);`;

/** Tombstones whose deletion the external system has confirmed. */
const DELIVERED = `
List<Sync_Tombstone__c> gone = new List<Sync_Tombstone__c>();
for (Integer i = 0; i < 200; i++)
  gone.add(new Sync_Tombstone__c(Sync_Key__c = UUID.randomUUID().toString(), Kind__c = 'Deleted', At__c = System.now()));
insert gone;`;

describe('an org of fifty million Cases', () => {
  let org: LocalOrg;
  const clock = new ShiftableClock(-10 * 365 * DAY);

  const send: Send = (method, url, body) => sendTo(org)(method, url, body);
  const request = async (method: string, url: string, body?: unknown): Promise<any> =>
    JSON.parse((await send(method, url, body)).body);
  const client = clientOver(send);
  const execute = (apex: string): void => {
    const { success, exceptionMessage, compileProblem } = org.executeAnonymous(apex);
    assert.ok(success, exceptionMessage ?? compileProblem ?? 'no reason');
  };
  const unsettledKeys = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const keys of readUnsettledKeys(client, comparedCase, PARTS)) found.push(...keys);
    return found;
  };
  /** Runs what was started, and tells the jobs that did not end well. */
  const failedJobs = async (): Promise<string[]> => {
    org.runDue();
    const jobs = await client.query(
      "SELECT ApexClass.Name, Status, NumberOfErrors, ExtendedStatus FROM AsyncApexJob WHERE JobType = 'BatchApex'",
    );
    assert.ok(
      jobs.length >= ROUNDS,
      `${jobs.length} jobs ran: the backfill alone has one for each span that has Cases`,
    );
    return jobs
      .filter(({ Status, NumberOfErrors }) => Status !== 'Completed' || Number(NumberOfErrors) > 0)
      .map((job) => JSON.stringify(job));
  };

  before(() => {
    org = createOrg({
      projectDir: fileURLToPath(new URL('../../../', import.meta.url)),
      clock,
      random: seededRandom(15),
    });
    execute('ConcordSetup.activateSync();');
    execute(`
PermissionSet admin = [SELECT Id FROM PermissionSet WHERE Name = 'Concord_Cases_Admin'];
insert new PermissionSetAssignment(AssigneeId = UserInfo.getUserId(), PermissionSetId = admin.Id);`);
    execute(DELIVERED);
    for (let round = 0; round < ROUNDS; round++) {
      execute(ROUND);
      clock.shift((10 * 365 * DAY) / ROUNDS);
    }
    execute("insert new Case(Subject = 'pending');");
    org.takeSizes({ Case: 50_000_000, Sync_Tombstone__c: 5_000_000 });
  });
  after(() => org.close());

  it('saves, deletes and restores Cases', () => {
    execute(`
Case c = new Case(Subject = 'new');
insert c;
c.Subject = 'changed';
update c;
delete c;
undelete c;
delete c;`);
  });

  it('takes what the middle layer brings', async () => {
    const [row] = await client.query('SELECT Sync_Key__c, Sync_Version__c FROM Case ORDER BY Id LIMIT 1');
    const key = row!.Sync_Key__c as string;
    const base = '/services/apexrest/concord/v1';
    const post = (path: string, record: object): Promise<{ results: { outcome: string }[] }> =>
      request('POST', `${base}/${path}`, { records: [record] });
    const record = { key, externalId: 'SR-1', revision: 1, requestVersion: 1, salesforceCaseId: null, values: {} };
    assert.equal((await post('cases/apply', record)).results[0]!.outcome, 'APPLIED');
    const refusal = { key, version: 1, attempt: 0, errorCode: 'NO', message: 'no' };
    await post('cases/acknowledge', refusal);
    await post('cases/request-again', { key, version: 1, attempt: 0 });
    await post('cases/deletion', { key, externalId: 'SR-1', revision: 2, at: '2026-01-05T09:00:00Z' });
  });

  it('answers the sweep', async () => {
    for (const soql of [
      pendingCases([], null, 2_000),
      pendingCases([], '500000000000001AAA', 200),
      casesByKeys(['00000000-0000-4000-8000-000000000001'], []),
      pendingTombstones(null, 200),
    ])
      await client.query(soql);
  });

  it('answers a comparison of both sides', async () => {
    const fields = await comparedCase.inside.readFields(client);
    await readOrgState(client, comparedCase, clock.now());
    const side = salesforceSide((queries) => client.composite(queries), 'Case');
    const totals = await side.totals(PARTS);
    assert.ok(totals.reduce((sum, { count }) => sum + count, 0) >= ROUNDS * CASES_A_ROUND);
    await side.tables(5, 2_000, partsOf(PARTS)[3]!);
    const keys = await keysOfElements(client, comparedCase, [{ k1: 5, k2: 6, d: 7, c: 8 }]);
    await readByKeys(client, comparedCase, fields, [...keys, '00000000-0000-4000-8000-000000000001']);
    await readIdentities(client, comparedCase, { ids: ['500000000000001AAA'], keys: ['x'] });
    await unsettledKeys();
    const { failure } = await checkContents(client, comparedCase, fields, {
      range: { from: 0, to: WHOLE_RANGE.to / 30 },
      records: 50_000_000,
      clock: { now: () => clock.now(), sleep: async (ms) => clock.shift(ms) },
      callsInDay: 0,
    });
    assert.equal(failure, null);
  });

  it('runs every job', async () => {
    execute("CaseReconciliation.runNow(); CaseRetryBatch.run(); CaseRetryBatch.run('NO'); CaseBackfill.run();");
    assert.deepEqual(await failedJobs(), []);
    // CaseDigestBatch counts first how wide its ranges may be, and counts what is there; of fifty million this is one
    execute('CaseReconciliationSelector.digestSums(0, 500000);');
  });

  it('finds a backlog of more than five million slice by slice, where no index finds it as a whole', async () => {
    for (let round = 0; round < 3; round++)
      execute(`
List<Case> cases = new List<Case>();
for (Integer i = 0; i < ${CASES_A_ROUND}; i++) cases.add(new Case(Subject = 'Pending ' + i));
insert cases;`);
    await assert.rejects(client.query(pendingCases([], null, 2_000)), /QUERY_TIMEOUT/);
    const refused = org.executeAnonymous('CaseReconciliationSelector.countOverdue();');
    assert.match(refused.exceptionMessage ?? '', /running for too long/);
    const slice = partsOf(PARTS)[3]!;
    await client.query(pendingCases([], null, 2_000, slice));
    await client.query(pendingCases([], '500000000000001AAA', 2_000, slice));
    await client.query(SAMPLED_CASES);
    execute(`
CaseReconciliationSelector.countPendingWithin(0, PendingCases.sampledTo(), PendingCases.OF_ANY_KIND);
CaseReconciliationSelector.countOverdueWithin(0, PendingCases.sampledTo());
CaseReconciliationSelector.overdueWithin(0, 2000000).iterator().hasNext();`);
  });

  it('finds who failed slice by slice when more than an index finds have one error code', async () => {
    const fail = "SELECT COUNT() FROM Case WHERE Sync_Error_Code__c = 'NO_ANSWER' AND Sync_Status__c = 'Failed'";
    for (let round = 0; round < 2; round++)
      execute(`
List<Case> failed = new List<Case>();
for (Integer i = 0; i < ${CASES_A_ROUND}; i++) failed.add(new Case(Subject = 'Failed ' + i));
insert failed;
for (Case c : failed) {
  c.Sync_Status__c = 'Failed';
  c.Sync_Pending__c = null;
  c.Sync_Error_Code__c = 'NO_ANSWER';
}
CaseDataStore.current().updateCases(failed);`);
    await assert.rejects(client.query(fail), /QUERY_TIMEOUT/);
    execute(`
CaseReconciliationSelector.countFailedWithin(0, PendingCases.sampledTo(), null);
CaseReconciliationSelector.countFailedWithin(0, PendingCases.sampledTo(), 'NO_ANSWER');
VisibleCases.failedWithin(0, 2000000, null).iterator().hasNext();
VisibleCases.failedWithin(0, 2000000, 'NO_ANSWER').iterator().hasNext();`);
  });

  it('walks over Cases that were loaded by the million within a week', async () => {
    org.takeSizes({ Case: 50_000_000_000 });
    const weeks = 'SELECT COUNT() FROM Case WHERE CreatedDate >= 2020-01-01T00:00:00Z AND CreatedDate <';
    await assert.rejects(client.query(`${weeks} 2020-01-08T00:00:00Z`), /QUERY_TIMEOUT/);
    await client.query(`${weeks} 2020-01-01T00:30:00Z`);
    execute(`
Datetime fromTime = Datetime.newInstanceGmt(2020, 1, 1);
Datetime toTime = CreationSpan.endOf(fromTime);
System.assert(toTime < fromTime.addDays(7), 'It ends before the week does: ' + toTime);
System.assert(toTime > fromTime.addMinutes(1), 'And goes on: ' + toTime);
CaseSelector.current().notSynced(fromTime, toTime).iterator().hasNext();
CaseSelector.current().synced(fromTime, toTime).iterator().hasNext();`);
  });

  it('is told when a query walks: what was asked before cannot be asked', async () => {
    for (const where of [
      'Digest_Large_1__c != null',
      "Sync_Status__c = 'Failed'",
      'Sync_Key__c = null',
      "Sync_Status__c = 'Failed' AND Sync_Pending__c = null",
    ])
      await assert.rejects(client.query(`SELECT COUNT() FROM Case WHERE ${where}`), /QUERY_TIMEOUT/, where);
  });
});
