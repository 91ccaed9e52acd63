import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readExternal } from '../../src/flows/cases/told/proof/read-external.ts';
import { settle } from '../../src/story/settle.ts';
import { startSystem } from '../../src/flows/cases/told/system.ts';
import { changeOutside } from './support/change-outside.ts';
import { compareAtRest, proofOf } from './support/prove.ts';
import { changeCase, seedSample } from './support/cases.ts';

interface Row {
  Id: string;
  Subject: string;
  External_Id__c: string;
}

test("yesterday's backup of the registry: what moves agrees by itself, the comparison finds the rest, no number is given twice", async () => {
  const backup = await mkdtemp(join(tmpdir(), 'concord-backup-'));
  const system = await startSystem();
  const query = async (): Promise<Row[]> =>
    (await system.admin.query<Row>('SELECT Id, Subject, External_Id__c FROM Case ORDER BY Id')).records;
  try {
    await seedSample(system, 0, 8);
    await settle(system);
    await system.whileRegistryStopped((directory) => cp(directory, backup, { recursive: true }));

    // what the backup does not have: changes outside, a change in Salesforce, new Cases
    const [moved, resting, edited] = await query();
    for (const row of [moved!, resting!]) await changeOutside(system, row.External_Id__c, { Status: 'Escalated' });
    await changeCase(system, edited!.Id, { Subject: 'Changed after the backup' });
    await seedSample(system, 8, 11);
    await settle(system);

    await system.whileRegistryStopped(async (directory) => {
      await rm(directory, { recursive: true });
      await cp(backup, directory, { recursive: true });
    });
    // work goes on: a record whose revision was given before, and Cases that get the next numbers
    await changeOutside(system, moved!.External_Id__c, { Resolution__c: 'Given after the restore' });
    await seedSample(system, 11, 14);
    await settle(system);
    const [first] = (await readExternal(system.external.url, system.externalToken)).filter(
      ({ externalId }) => externalId === moved!.External_Id__c,
    );
    assert.deepEqual(
      [first!.values.Status, first!.values.Resolution__c],
      ['Escalated', 'Given after the restore'],
      'what was lost came back, what was given since stayed',
    );

    const kinds = new Set<string>();
    for (let runs = 0; runs < 4; runs++) {
      const report = await compareAtRest(system);
      for (const { kind } of report.discrepancies) kinds.add(kind);
      if (report.verdict === 'equal') break;
    }
    assert.ok(kinds.has('missing outside'), 'only the comparison can find what nobody touched');
    const outside = await readExternal(system.external.url, system.externalToken);
    const proof = await proofOf(system);
    assert.deepEqual(proof.differences, []);
    assert.equal(proof.synced, 14);
    assert.equal(new Set(outside.map(({ externalId }) => externalId)).size, 14);
    const rows = await query();
    assert.equal(rows.find(({ Id }) => Id === edited!.Id)!.Subject, 'Changed after the backup');

    // nothing is left of it: a Case that moves comes back by itself, also a new one that nobody had counted on
    const numbers = rows.map((row) => row.External_Id__c).sort();
    await system.whileRegistryStopped((directory) => rm(directory, { recursive: true }));
    await changeCase(system, edited!.Id, { Subject: 'Changed after the loss' });
    await seedSample(system, 14, 15);
    await settle(system);
    const found = await compareAtRest(system);
    assert.deepEqual([found.verdict, found.byKind], ['repaired', { 'missing outside': 13 }]);
    const again = await proofOf(system);
    assert.deepEqual(again.differences, []);
    assert.equal(again.synced, 15);
    const after = (await query()).map((row) => row.External_Id__c);
    assert.equal(new Set(after).size, 15);
    assert.ok(
      numbers.every((number) => after.includes(number)),
      'each under its old number',
    );
  } finally {
    await system.stop();
    await rm(backup, { recursive: true, force: true });
  }
});
