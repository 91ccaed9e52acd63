/** An erasure as `npm run erase` makes it: through the public APIs of all stores, as a user with the permission set for it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { erase, ErasureRefused, isClean, renderErasure, type ErasureReport } from '../../scripts/erasing/erase.ts';
import { externalRequest, jsonRequest, salesforceClient } from '../../scripts/reconciling/sides.ts';
import { erasableCases } from '../../src/flows/cases/compared/erasable.ts';
import { startSystem, type System } from '../../src/flows/cases/told/system.ts';
import { recordRun } from '../../src/reconciliation/org/record.ts';
import { WHOLE_RANGE } from '../../src/reconciliation/types.ts';
import type { SalesforceClient } from '../../src/shared/salesforce/client.ts';
import { assignPermissionSet, permissionSetsFor } from '../../src/story/org/set-up.ts';
import { settle } from '../../src/story/settle.ts';
import { compare } from './support/compare.ts';
import { logInBy } from './support/log-in.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const USERNAME = 'eraser@concord.example';
const APP = { consumerKey: 'concord-eraser', consumerSecret: randomUUID(), runAs: USERNAME };
const [BORN, CHANGED, SKEWED] = [
  'Ada was born in Elm Street 9',
  'Ada moved to Oak Street 11',
  'Ada is said to be in Pine Street 13',
];
const GRACE = 'Grace lives in Fir Street 15';

let system: System;
let ada: { Id: string; Sync_Key__c: string; External_Id__c: string };
let other: { Id: string; Sync_Key__c: string };
let grace: typeof ada;

const query = async <T extends object>(soql: string): Promise<T[]> => (await system.admin.query<T>(soql)).records;
const external = (): ReturnType<typeof externalRequest> => externalRequest(system.external.url, system.externalToken);
const middleLayer = (): ReturnType<typeof jsonRequest> =>
  jsonRequest('the middle layer', system.middleLayer.url, system.operatorToken);

const logIn = (): Promise<SalesforceClient> => logInBy(system, APP);

const run = async (
  which: { key: string } | { id: string },
  { dryRun = false, former = false } = {},
): Promise<ErasureReport> =>
  erase(
    erasableCases,
    { flow: 'cases', which, former, dryRun },
    { org: await logIn(), middleLayer: middleLayer(), external: external() },
  );

before(async () => {
  system = await startSystem({ projectDir: root, connectedApps: [APP] });
  const [profile] = await query<{ Id: string }>("SELECT Id FROM Profile WHERE Name = 'Minimum Access - Salesforce'");
  const { id } = await system.admin.sobject('User').create({
    Username: USERNAME,
    Email: USERNAME,
    LastName: 'Eraser',
    Alias: 'eraser',
    ProfileId: profile!.Id,
    TimeZoneSidKey: 'GMT',
    LocaleSidKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
    LanguageLocaleKey: 'en_US',
  });
  for (const name of [...permissionSetsFor('operator', system.flows), 'Concord_Erasure'])
    await assignPermissionSet(system.admin, id!, name);

  const subjects = [BORN, 'somebody else', GRACE, ...Array.from({ length: 6 }, (_, n) => `Case ${n} of many`)];
  await system.admin.sobject('Case').create(subjects.map((Subject) => ({ Subject, Status: 'New', Origin: 'Phone' })));
  await settle(system);
  const cases = await query<typeof ada>('SELECT Id, Sync_Key__c, External_Id__c FROM Case ORDER BY Id');
  [ada, other, grace] = [cases[0]!, cases[1]!, cases[2]!];
  await system.admin.sobject('Case').update({ Id: ada.Id, Subject: CHANGED });
  await system.admin.sobject('Case').update({ Id: grace.Id, Subject: `${GRACE}, and moved` });
  await settle(system);
  // reconciliation finds what past-the-triggers work changed, repairs it, and keeps both values
  await system.bypassTriggers('Case', ada.Id, { Subject: SKEWED });
  await system.bypassTriggers('Case', grace.Id, { Subject: `${GRACE}, they say` });
  await system.advance(3_600_000);
  await settle(system);
  const report = await compare(system, { contentCheck: WHOLE_RANGE });
  await recordRun(salesforceClient(system.admin), report);
  await settle(system);
});

after(() => system.stop());

test('a Case that is still there is refused, with what to do first', async () => {
  await assert.rejects(run({ id: ada.Id }), (error: Error) => {
    assert.ok(error instanceof ErasureRefused);
    assert.match(error.message, /is still there, and its values would be copied again: delete it in Salesforce first/);
    return true;
  });
});

test('a deleted one is erased in every store, by its id, and the search finds nothing of it', async () => {
  await system.admin.sobject('Case').destroy(ada.Id);
  await settle(system);
  const rehearsal = await run({ id: ada.Id }, { dryRun: true });
  assert.match(renderErasure(rehearsal), /would be erased \(nothing was\)/);
  const held = Object.assign({}, ...rehearsal.stores.map(({ rows }) => rows)) as Record<string, number>;
  for (const name of ['records', 'revisions', 'requests', 'messages', 'discrepancies'])
    assert.ok((held[name] ?? 0) > 0, `${name}: ${JSON.stringify(held)}`);

  const report = await run({ id: ada.Id });
  assert.equal(report.key, ada.Sync_Key__c);
  assert.ok(isClean(report), renderErasure(report));
  assert.match(
    renderErasure(report),
    /erased, and \d+ texts searched for[^]*nothing is left of this record[^]*recycle bin[^]*backups/,
  );

  // not by the report's word: each store as anybody reads it
  const history = await external()('GET', `/v1/cases/${ada.External_Id__c}/history`);
  const record = await external()('GET', `/v1/cases/by-key/${ada.Sync_Key__c}`);
  const trail = await middleLayer()('GET', `/v1/audit?key=${ada.Sync_Key__c}&limit=1000`);
  const letters = await middleLayer()('GET', '/v1/dead-letters');
  const findings = await query('SELECT FIELDS(ALL) FROM Discrepancy__c LIMIT 200');
  const all = JSON.stringify([history, record, trail, letters, findings]);
  for (const text of [BORN, CHANGED, SKEWED]) assert.ok(!all.includes(text), text);
  assert.ok(findings.length > 0, 'the findings themselves stay');
  assert.match(JSON.stringify(trail), /ERASED/);
});

test('a Case that lives on loses what it held before, in every store, once its values were replaced', async () => {
  const which = { id: grace.Id };
  await system.admin.sobject('Case').update({ Id: grace.Id, Subject: 'anonymised', Description: 'on request' });
  await assert.rejects(
    run(which, { former: true }),
    /not in agreement \(In Progress\): wait until what replaced its values/,
  );
  await settle(system);
  const report = await run(which, { former: true });
  assert.ok(isClean(report), renderErasure(report));
  assert.match(renderErasure(report), /what it held before: erased, and [1-9]\d* texts searched for[^]*field history/);
  const held = Object.assign({}, ...report.stores.map(({ rows }) => rows)) as Record<string, number>;
  for (const name of ['revisions', 'requests', 'messages', 'discrepancies'])
    assert.ok((held[name] ?? 0) > 0, `${name}: ${JSON.stringify(held)}`);

  const history = await external()('GET', `/v1/cases/${grace.External_Id__c}/history`);
  const record = await external()<{ values: Record<string, unknown> }>('GET', `/v1/cases/by-key/${grace.Sync_Key__c}`);
  const trail = await middleLayer()('GET', `/v1/audit?key=${grace.Sync_Key__c}&limit=1000`);
  const findings = await query('SELECT FIELDS(ALL) FROM Discrepancy__c LIMIT 200');
  const [living] = await query<Record<string, unknown>>(`SELECT Subject FROM Case WHERE Id = '${grace.Id}'`);
  assert.ok(!JSON.stringify([history, record, trail, findings, living]).includes(GRACE));
  assert.deepEqual([record.values.Subject, living!.Subject], ['anonymised', 'anonymised']);

  // the record goes on as any other
  await system.admin.sobject('Case').update({ Id: grace.Id, Subject: 'anonymised, and changed' });
  await settle(system);
  const changed = await external()<{ values: Record<string, unknown> }>('GET', `/v1/cases/by-key/${grace.Sync_Key__c}`);
  assert.equal(changed.values.Subject, 'anonymised, and changed');
});

test('one that is deleted, or not in agreement, has nothing former to erase', async () => {
  await assert.rejects(
    run({ key: ada.Sync_Key__c }, { former: true }),
    /is there: erase it as a deleted one, without --former/,
  );
});

test('asked again there is nothing to erase; the others are as they were, and both sides agree', async () => {
  const again = await run({ key: ada.Sync_Key__c });
  assert.ok(isClean(again));
  assert.deepEqual(
    again.stores.map(({ rows }) => [rows.messages, rows.discrepancies].filter((n) => n !== undefined)),
    [[], [0], [0]],
  );
  const kept = await external()<{ values: Record<string, unknown> }>('GET', `/v1/cases/by-key/${other.Sync_Key__c}`);
  assert.equal(kept.values.Subject, 'somebody else');
  const report = await compare(system, { dryRun: true });
  assert.equal(report.verdict, 'equal', JSON.stringify(report.discrepancies));
});
