/** The org's file as it was yesterday, and then an org that is new: real processes, real files. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startSystem, type System } from '../../src/flows/cases/told/system.ts';
import type { ReconciliationReport } from '../../src/reconciliation/report.ts';
import { activate, createIntegrationUser } from '../../src/story/org/set-up.ts';
import { settle } from '../../src/story/settle.ts';
import { attentionOf } from './support/attention.ts';
import { changeOutside } from './support/change-outside.ts';
import { compareAtRest, proofOf } from './support/prove.ts';
import { changeCase, seedSample } from './support/cases.ts';

/** More than clocks differ by: what was swept since is told apart from what a backup knows. */
const HOUR = 60 * 60_000;
/** More than an org of this size makes in that time. */
const IDS = 1_000_000;

interface Row {
  Id: string;
  Subject: string;
  Status: string;
  Description: string | null;
  Resolution__c: string | null;
  External_Id__c: string;
}

const casesOf = async ({ admin }: System): Promise<Row[]> =>
  (
    await admin.query<Row>(
      'SELECT Id, Subject, Status, Description, Resolution__c, External_Id__c FROM Case ORDER BY Id',
    )
  ).records;

const told = ({ discrepancies }: ReconciliationReport, kind: string): (string | null)[] =>
  discrepancies
    .filter((found) => found.kind === kind && found.outcome === 'left to a person')
    .map((found) => found.externalId);

/** Puts the org's files back, or none; the middle layer rests meanwhile, so that no id is given before they are skipped. */
const replaceOrg = (system: System, backup: string | null): Promise<void> =>
  system.whileStopped('middleLayer', async () => {
    await system.whileStopped('org', async (directory) => {
      await rm(directory, { recursive: true });
      if (backup !== null) await cp(backup, directory, { recursive: true });
    });
    await system.orgControl.post('/control/skip-ids', { count: IDS });
    if (backup !== null) return;
    await createIntegrationUser(system.admin, system.flows);
    await activate(system.admin);
  });

test("the org's backup of yesterday, and then a new org: what moves agrees by itself, the comparison tells and mends the rest", async () => {
  const backup = await mkdtemp(join(tmpdir(), 'concord-backup-'));
  const system = await startSystem({ killableOrg: true });
  try {
    await seedSample(system, 0, 5);
    await settle(system);
    await system.whileStopped('org', (directory) => cp(directory, backup, { recursive: true }));
    const [both, moved, resting, deleted] = await casesOf(system);

    // what the backup does not have: versions, answers that were acknowledged, a deletion, new Cases
    await changeCase(system, both!.Id, { Subject: 'Lost with the backup', Description: 'Lost' });
    for (const row of [moved!, resting!]) await changeOutside(system, row.External_Id__c, { Status: 'Escalated' });
    await system.admin.sobject('Case').destroy(deleted!.Id);
    await seedSample(system, 5, 7);
    await settle(system);
    await system.advance(HOUR);
    await settle(system);
    const before = await casesOf(system);
    const lost = before.slice(-2);

    await replaceOrg(system, backup);
    // work goes on: versions that were given before, and new Cases
    await changeCase(system, both!.Id, { Description: 'Given after the restore' });
    await changeOutside(system, moved!.External_Id__c, { Resolution__c: 'Given after the restore' });
    await seedSample(system, 7, 8);
    await settle(system);
    assert.match(
      await attentionOf(system),
      /Salesforce was put back to an earlier state.*npm run reconcile -- --flow cases .*--make-again/,
    );
    const after = new Map((await casesOf(system)).map((row) => [row.Id, row]));
    const numbers = [...after.values()].map((row) => row.External_Id__c);
    assert.equal(new Set([...numbers, ...lost.map((row) => row.External_Id__c)]).size, 8, 'no number is given twice');
    assert.deepEqual(
      [after.get(both!.Id)!.Subject, after.get(both!.Id)!.Description, after.get(moved!.Id)!.Status],
      ['Lost with the backup', 'Given after the restore', 'Escalated'],
      'what moves brings back what was lost of it',
    );

    const first = await compareAtRest(system);
    const lostNumbers = lost.map((row) => row.External_Id__c).sort();
    assert.deepEqual(told(first, 'missing in Salesforce').sort(), lostNumbers, 'told, and not made by themselves');
    assert.deepEqual(told(first, 'orphaned by deletion'), [deleted!.External_Id__c]);
    assert.equal((await casesOf(system)).find(({ Id }) => Id === resting!.Id)!.Status, 'Escalated', 'by its owner');

    const again = await compareAtRest(system, { makesAgain: true });
    assert.deepEqual([again.verdict, again.discrepancies.length], ['repaired', 3]);
    const mended = await proofOf(system);
    assert.deepEqual(mended.differences, []);
    assert.equal(mended.synced, 8);

    await system.advance(HOUR);
    await settle(system);
    await replaceOrg(system, null);
    await settle(system);
    assert.match(await attentionOf(system), /Salesforce was put back to an earlier state: it shows no sweep/);
    const empty = await compareAtRest(system, { makesAgain: true });
    assert.deepEqual([empty.verdict, empty.byKind], ['repaired', { 'missing in Salesforce': 8 }]);
    const proof = await proofOf(system);
    assert.deepEqual(proof.differences, []);
    assert.equal(proof.synced, 8);
  } finally {
    await system.stop();
    await rm(backup, { recursive: true, force: true });
  }
});
