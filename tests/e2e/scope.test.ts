/** Two record types, one of them in scope: of the other nothing leaves, not even a key. Real parts, the registry's database read. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { externalRequest } from '../../scripts/reconciling/sides.ts';
import { startSystem, type System } from '../../src/flows/cases/told/system.ts';
import type { ReconciliationReport } from '../../src/reconciliation/report.ts';
import { WHOLE_RANGE } from '../../src/reconciliation/types.ts';
import { openDatabase } from '../../src/shared/sql/open.ts';
import { settle } from '../../src/story/settle.ts';
import { projectWith, type ProjectWith } from '../support/project-with.ts';
import { compare } from './support/compare.ts';

const HOUR = 3_600_000;

interface Row {
  Id: string;
  Sync_Key__c: string | null;
  Sync_Status__c: string | null;
  External_Id__c: string | null;
}

let project: ProjectWith;
let system: System;
let types: Map<string, string>;

before(async () => {
  project = projectWith('tests/e2e/scoped/main');
  system = await startSystem({ projectDir: project.folder });
  const { records } = await system.admin.query<{ Id: string; DeveloperName: string }>(
    "SELECT Id, DeveloperName FROM RecordType WHERE SobjectType = 'Case'",
  );
  types = new Map(records.map(({ Id, DeveloperName }) => [DeveloperName, Id]));
});

after(async () => {
  await system.stop();
  project.remove();
});

const create = async (recordType: string, Subject: string, more: object = {}): Promise<string> => {
  const values = {
    Subject,
    Status: 'New',
    Priority: 'Low',
    Origin: 'Web',
    RecordTypeId: types.get(recordType)!,
    ...more,
  };
  return (await system.admin.sobject('Case').create(values)).id!;
};

const change = async (id: string, values: object): Promise<void> => {
  await system.admin.sobject('Case').update({ Id: id, ...values });
};

const read = async (id: string): Promise<Row> =>
  (await system.admin.query<Row>(`SELECT Id, Sync_Key__c, Sync_Status__c, External_Id__c FROM Case WHERE Id = '${id}'`))
    .records[0]!;

/** All that the registry's database holds, as text. */
const everythingOutside = async (): Promise<string> => {
  let text = '';
  await system.whileRegistryStopped(async (dataDir) => {
    const db = await openDatabase({ url: null, dataDir, waitMs: 0 }, () => {});
    const tables = await db.query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
    );
    for (const { name } of tables)
      text += (await db.query<{ row: string }>(`SELECT row_to_json(t)::text AS row FROM "${name}" t`))
        .map(({ row }) => `${name} ${row}\n`)
        .join('');
    await db.close();
  });
  return text;
};

const compareAll = (): Promise<ReconciliationReport> => compare(system, { dryRun: true, contentCheck: WHOLE_RANGE });

const settleLater = async (): Promise<void> => {
  await settle(system);
  await system.advance(HOUR);
  await settle(system);
};

interface Outside {
  salesforceDeletion: { reason: string } | null;
  revision: number;
}

const outsideOf = (externalId: string): Promise<Outside> =>
  externalRequest(system.external.url, system.externalToken)<Outside>('GET', `/v1/cases/${externalId}`);

test('of Cases out of scope nothing reaches the registry, whatever is done to them; the others agree', async () => {
  const inside = await create('Support', 'Noise at night');
  const complaint = await create('Complaint', 'Rude clerk');
  const spam = await create('Support', 'Buy now', { Origin: 'Email' });
  await change(complaint, { Priority: 'High', Description: 'Very rude' });
  await settleLater();
  const deleted = await create('Complaint', 'Rude clerk again');
  await system.admin.sobject('Case').destroy(deleted);
  await settleLater();

  assert.equal((await read(inside)).Sync_Status__c, 'Success');
  for (const id of [complaint, spam]) {
    const { Sync_Key__c: key, Sync_Status__c: status, External_Id__c: externalId } = await read(id);
    assert.deepEqual([key, status, externalId], [null, null, null]);
  }
  const outside = await everythingOutside();
  assert.ok(
    outside.includes(inside) && outside.includes((await read(inside)).Sync_Key__c!),
    'the Case in scope is there',
  );
  for (const trace of [complaint, spam, deleted, 'Rude', 'Buy now']) assert.ok(!outside.includes(trace), trace);
  const report = await compareAll();
  assert.equal(report.verdict, 'equal', JSON.stringify(report.discrepancies));
  assert.equal(report.totals.salesforce.count, 1);
});

test('a Case that leaves the scope is told once, is not compared, and comes back as the same record', async () => {
  const id = await create('Support', 'Broken lamp');
  await settleLater();
  const before = await read(id);
  assert.equal(before.Sync_Status__c, 'Success');

  await change(id, { RecordTypeId: types.get('Complaint')! });
  await settleLater();
  const then = await outsideOf(before.External_Id__c!);
  assert.equal(then.salesforceDeletion?.reason, 'Left Scope');
  await change(id, { Subject: 'The mayor is rude' });
  await settleLater();
  assert.equal((await outsideOf(before.External_Id__c!)).revision, then.revision, 'what comes later is not told');
  assert.ok(!(await everythingOutside()).includes('mayor'));
  const away = await compareAll();
  assert.equal(away.verdict, 'equal', JSON.stringify(away.discrepancies));

  await change(id, { RecordTypeId: types.get('Support')!, Subject: 'Broken lamp, still' });
  await settleLater();
  const back = await read(id);
  assert.equal(back.Sync_Status__c, 'Success');
  assert.equal(back.External_Id__c, before.External_Id__c);
  assert.equal((await outsideOf(before.External_Id__c!)).salesforceDeletion, null);
  const again = await compareAll();
  assert.equal(again.verdict, 'equal', JSON.stringify(again.discrepancies));
  assert.equal(again.totals.external.count, 2);
});
