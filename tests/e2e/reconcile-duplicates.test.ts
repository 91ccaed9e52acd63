/** Duplicates that real parts were brought to make: found with both records, told once, and left to a person. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { externalRequest, salesforceClient } from '../../scripts/reconciling/sides.ts';
import { settle } from '../../src/story/settle.ts';
import { startSystem, type System } from '../../src/flows/cases/told/system.ts';
import { recordRun } from '../../src/reconciliation/org/record.ts';
import { comparedCase } from '../../src/flows/cases/compared/case.ts';
import { reconcile } from '../../src/reconciliation/reconcile.ts';
import type { ReconciliationReport } from '../../src/reconciliation/report.ts';
import { WHOLE_RANGE } from '../../src/reconciliation/types.ts';
import { ShiftableClock } from 'kernel/clock.ts';
import { seedSample } from './support/cases.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const HOUR = 3_600_000;
const ROWS = 12;

interface Row {
  Id: string;
  Sync_Key__c: string;
  External_Id__c: string;
}

let system: System;
let cases: Row[];

const run = (dryRun: boolean): Promise<ReconciliationReport> =>
  reconcile({
    compared: comparedCase,
    salesforce: salesforceClient(system.admin),
    external: externalRequest(system.external.url, system.externalToken),
    clock: new ShiftableClock(system.offset()),
    graceMs: 15 * 60_000,
    dryRun,
    contentCheck: WHOLE_RANGE,
    runKey: randomUUID(),
    org: salesforceClient(system.admin),
    breakerShare: 1,
  });

const registry = <T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> =>
  externalRequest(system.external.url, system.externalToken)<T>(method, path, body);

const tell = (...messages: Record<string, unknown>[]): Promise<unknown> =>
  registry('POST', '/v1/messages', { messages: messages.map((message) => ({ id: randomUUID(), ...message })) });

const countCases = async (): Promise<number> => (await system.admin.query('SELECT Id FROM Case')).totalSize;

/** An import tells the registry of a record that stands for the Case of another. */
const importCopyOf = async ({ Id, External_Id__c: externalId }: Row): Promise<string> => {
  const key = randomUUID();
  const { values } = await registry<{ values: unknown }>('GET', `/v1/cases/${externalId}`);
  await tell(
    {
      kind: 'request',
      key,
      idempotencyKey: `import:${key}:1`,
      orgId: 'import',
      version: 1,
      attempt: 0,
      originCaseId: Id,
      baseRevision: null,
      values,
      owners: {},
    },
    { kind: 'writeBack', key, externalId, salesforceCaseId: Id, version: 1 },
    { kind: 'acknowledge', key, externalId, revision: 1, success: true },
  );
  return key;
};

/** A load past the trigger makes a second Case with the external id of the first. */
const loadCopyOf = async ({ Id, External_Id__c: externalId }: Row): Promise<{ id: string; key: string }> => {
  const key = randomUUID();
  await system.bypassTriggers('Case', Id, { External_Id__c: null });
  await system.orgControl.post('/control/fault', { kind: 'bypass', object: 'Case' });
  const { id } = await system.admin.sobject('Case').create({
    Subject: 'Loaded twice',
    Sync_Key__c: key,
    Sync_Status__c: 'Success',
    Sync_Version__c: 1,
    External_Id__c: externalId,
  });
  return { id: id!, key };
};

before(async () => {
  system = await startSystem({ projectDir: root });
  await seedSample(system, 0, ROWS);
  await settle(system);
  await system.advance(HOUR);
  await settle(system);
  cases = (await system.admin.query<Row>('SELECT Id, Sync_Key__c, External_Id__c FROM Case ORDER BY Id')).records;
});

after(() => system.stop());

test('two records for one Case, two Cases for one record and two keys for one pair are each found once, and no repair touches them', async () => {
  const [imported, loaded, rekeyed, misled, other] = cases as [Row, Row, Row, Row, Row];
  // what the registry would tell of the plants is lost for good
  await system.external.control.post('/control/faults', { loseOutgoing: { record: 1, writeBackConfirmed: 1 } });
  const copyKey = await importCopyOf(imported);
  const second = await loadCopyOf(loaded);
  const newKey = randomUUID();
  await system.bypassTriggers('Case', rekeyed.Id, { Sync_Key__c: newKey });
  assert.deepEqual((await run(true)).byKind, {}, 'within grace all is in flight');
  await tell({
    kind: 'writeBack',
    key: misled.Sync_Key__c,
    externalId: misled.External_Id__c,
    salesforceCaseId: other.Id,
    version: 1,
  });

  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await system.advance(16 * 60_000);
  await system.external.control.post('/control/faults', { loseOutgoing: {} });
  const before = await countCases();
  const report = await run(false);
  assert.deepEqual(report.byKind, { duplicate: 4 }, JSON.stringify(report.discrepancies, null, 1));
  const copy = await registry<{ externalId: string }>('GET', `/v1/cases/by-key/${copyKey}`);
  const details = new Map(report.discrepancies.map(({ key, detail }) => [key, detail]));
  assert.equal(
    details.get(copyKey),
    `the external records ${copy.externalId} and ${imported.External_Id__c} both stand for the Case ${imported.Id}, which has the key ${imported.Sync_Key__c}`,
  );
  assert.equal(
    details.get(second.key),
    `the Cases ${second.id} and ${loaded.Id} both stand for the external record ${loaded.External_Id__c}, which has the key ${loaded.Sync_Key__c}`,
  );
  assert.equal(
    details.get(newKey),
    `the Case ${rekeyed.Id} stands for the external record ${rekeyed.External_Id__c}, which has another key, ${rekeyed.Sync_Key__c}, that no Case has`,
  );
  assert.equal(
    details.get(misled.Sync_Key__c),
    `the external records ${misled.External_Id__c} and ${other.External_Id__c} both stand for the Case ${other.Id}, which has the key ${other.Sync_Key__c}`,
  );
  assert.ok(report.discrepancies.every(({ repair, outcome }) => repair === null && outcome === 'left to a person'));
  assert.equal((await recordRun(salesforceClient(system.admin), report)).opened, 4, 'the org can store them');

  await settle(system);
  await system.advance(HOUR);
  await settle(system);
  assert.equal(await countCases(), before, 'no Case was made');
  assert.deepEqual((await run(true)).byKind, report.byKind, 'what a person decides stays');
});
