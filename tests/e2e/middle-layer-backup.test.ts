/** The middle layer's folder as it was yesterday, and then none: real processes, real files. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { compare } from '../../src/flows/cases/told/proof/compare.ts';
import { readExternal, readFailedRequests } from '../../src/flows/cases/told/proof/read-external.ts';
import { readSalesforce } from '../../src/flows/cases/told/proof/read-salesforce.ts';
import { startSystem } from '../../src/flows/cases/told/system.ts';
import { settle } from '../../src/story/settle.ts';
import { attentionOf } from './support/attention.ts';
import { changeOutside } from './support/change-outside.ts';
import { changeCase, seedSample } from './support/cases.ts';

/** More than clocks differ by: what was swept since is told apart from what a backup knows. */
const HOUR = 60 * 60_000;

interface Row {
  Id: string;
  External_Id__c: string;
}

test("the middle layer's database of yesterday, and then a lost one: everything arrives all the same, and people are told", async () => {
  const backup = await mkdtemp(join(tmpdir(), 'concord-backup-'));
  const system = await startSystem();
  try {
    await seedSample(system, 0, 4);
    await settle(system);
    await system.whileStopped('middleLayer', (directory) => cp(directory, backup, { recursive: true }));
    const [first, second, deleted] = (await system.admin.query<Row>('SELECT Id, External_Id__c FROM Case ORDER BY Id'))
      .records;

    // what the backup does not have: changes on both sides, a deletion, new Cases
    await changeOutside(system, first!.External_Id__c, { Status: 'Escalated' });
    await changeCase(system, second!.Id, { Subject: 'Changed after the backup' });
    await system.admin.sobject('Case').destroy(deleted!.Id);
    await seedSample(system, 4, 6);
    await settle(system);
    await system.advance(HOUR);
    await settle(system);

    await system.whileStopped('middleLayer', async (directory) => {
      await rm(directory, { recursive: true });
      await cp(backup, directory, { recursive: true });
    });
    await changeOutside(system, first!.External_Id__c, { Resolution__c: 'Given after the restore' });
    await changeCase(system, second!.Id, { Description: 'Changed after the restore' });
    await seedSample(system, 6, 8);
    await settle(system);
    assert.match(
      await attentionOf(system),
      /put back to an earlier state: it ends at .*npm run reconcile -- --flow cases/,
    );

    await system.advance(HOUR);
    await settle(system);
    await system.whileStopped('middleLayer', (directory) => rm(directory, { recursive: true }));
    await changeCase(system, first!.Id, { Description: 'Changed after the loss' });
    await seedSample(system, 8, 10);
    await settle(system);
    assert.match(
      await attentionOf(system),
      /put back to an earlier state: it is new, .*npm run reconcile -- --flow cases/,
    );

    const outside = await readExternal(system.external.url, system.externalToken);
    const failed = await readFailedRequests(system.external.url, system.externalToken);
    const proof = compare(await readSalesforce(system.admin), outside, failed);
    assert.deepEqual(proof.differences, []);
    assert.equal(proof.synced, 9);
    const valuesOf = (row: Row): Record<string, unknown> =>
      outside.find(({ externalId }) => externalId === row.External_Id__c)!.values;
    const { Status, Resolution__c: resolution, Description } = valuesOf(first!);
    assert.deepEqual(
      [Status, resolution, Description],
      ['Escalated', 'Given after the restore', 'Changed after the loss'],
    );
    assert.equal(valuesOf(second!).Subject, 'Changed after the backup');
  } finally {
    await system.stop();
    await rm(backup, { recursive: true, force: true });
  }
});
