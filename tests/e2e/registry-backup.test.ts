import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { compare } from '../../src/flows/cases/told/proof/compare.ts';
import { readExternal, readFailedRequests } from '../../src/flows/cases/told/proof/read-external.ts';
import { readSalesforce } from '../../src/flows/cases/told/proof/read-salesforce.ts';
import { externalRequest, salesforceClient } from '../../scripts/reconciling/sides.ts';
import { prepareInput, seedRows } from '../../src/story/seeding/seed.ts';
import { settle } from '../../src/story/settle.ts';
import { startSystem, type System } from '../../src/flows/cases/told/system.ts';
import { comparedCase } from '../../src/flows/cases/compared/case.ts';
import { reconcile } from '../../src/reconciliation/reconcile.ts';
import type { ReconciliationReport } from '../../src/reconciliation/report.ts';
import { ShiftableClock } from 'kernel/clock.ts';
import { SAMPLE } from '../../src/shared/sample.ts';
import { changeOutside } from './support/change-outside.ts';

const PAST_GRACE = 20 * 60_000;

interface Row {
  Id: string;
  Subject: string;
  External_Id__c: string;
}

const run = (system: System): Promise<ReconciliationReport> =>
  reconcile({
    compared: comparedCase,
    salesforce: salesforceClient(system.admin),
    external: externalRequest(system.external.url, system.externalToken),
    clock: new ShiftableClock(system.offset()),
    graceMs: 15 * 60_000,
    dryRun: false,
    confirmWaitMs: 30_000,
    runKey: randomUUID(),
    org: salesforceClient(system.admin),
    breakerShare: 1,
  });

test("yesterday's backup of the registry: what moves agrees by itself, the comparison finds the rest, no number is given twice", async () => {
  const backup = await mkdtemp(join(tmpdir(), 'concord-backup-'));
  const system = await startSystem();
  const query = async (): Promise<Row[]> =>
    (await system.admin.query<Row>('SELECT Id, Subject, External_Id__c FROM Case ORDER BY Id')).records;
  try {
    const input = await prepareInput(SAMPLE.rows, SAMPLE.mapping);
    await seedRows(system.admin, { ...input, rows: input.rows.slice(0, 8) });
    await settle(system);
    await system.whileRegistryStopped((directory) => cp(directory, backup, { recursive: true }));

    // what the backup does not have: changes outside, a change in Salesforce, new Cases
    const [moved, resting, edited] = await query();
    for (const row of [moved!, resting!]) await changeOutside(system, row.External_Id__c, { Status: 'Escalated' });
    await system.admin.sobject('Case').update({ Id: edited!.Id, Subject: 'Changed after the backup' });
    await seedRows(system.admin, { ...input, rows: input.rows.slice(8, 11) });
    await settle(system);

    await system.whileRegistryStopped(async (directory) => {
      await rm(directory, { recursive: true });
      await cp(backup, directory, { recursive: true });
    });
    // work goes on: a record whose revision was given before, and Cases that get the next numbers
    await changeOutside(system, moved!.External_Id__c, { Resolution__c: 'Given after the restore' });
    await seedRows(system.admin, { ...input, rows: input.rows.slice(11, 14) });
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
      await system.advance(PAST_GRACE);
      await settle(system);
      const report = await run(system);
      for (const { kind } of report.discrepancies) kinds.add(kind);
      if (report.verdict === 'equal') break;
    }
    assert.ok(kinds.has('missing outside'), 'only the comparison can find what nobody touched');
    await settle(system);
    const outside = await readExternal(system.external.url, system.externalToken);
    const proof = compare(
      await readSalesforce(system.admin),
      outside,
      await readFailedRequests(system.external.url, system.externalToken),
    );
    assert.deepEqual(proof.differences, []);
    assert.equal(proof.synced, 14);
    assert.equal(new Set(outside.map(({ externalId }) => externalId)).size, 14);
    const rows = await query();
    assert.equal(rows.find(({ Id }) => Id === edited!.Id)!.Subject, 'Changed after the backup');
  } finally {
    await system.stop();
    await rm(backup, { recursive: true, force: true });
  }
});
