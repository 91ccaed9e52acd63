import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from '../../src/flows/cases/told/proof/compare.ts';
import { readExternal, readFailedRequests } from '../../src/flows/cases/told/proof/read-external.ts';
import { readSalesforce } from '../../src/flows/cases/told/proof/read-salesforce.ts';
import { prepareInput, seedRows } from '../../src/story/seeding/seed.ts';
import { settle } from '../../src/story/settle.ts';
import { startSystem, type PartName } from '../../src/flows/cases/told/system.ts';
import { seededRandom } from 'kernel/random.ts';
import { SAMPLE } from '../../src/shared/sample.ts';

const PARTS: PartName[] = ['middleLayer', 'external', 'org'];
const KILLS = 6;

test('every part is killed at random moments while Cases flow: nothing is lost, nothing is doubled', async (t) => {
  const seed = Number(process.env.KILL_SEED ?? Math.floor(Date.now() / 1000) % 100_000);
  t.diagnostic(`seed of the moments: ${seed} (KILL_SEED=${seed} repeats it)`);
  const random = seededRandom(seed);
  const system = await startSystem({ killableOrg: true });
  try {
    const input = await prepareInput(SAMPLE.rows, SAMPLE.mapping);
    for (let kill = 0; kill < KILLS; kill++) {
      const rows = input.rows.slice(kill * 10, (kill + 1) * 10);
      const { seeded } = await seedRows(system.admin, { ...input, rows });
      assert.equal(seeded.length, rows.length);
      await new Promise((resolve) => setTimeout(resolve, random.next() * 700));
      await system.crash(PARTS[kill % PARTS.length]!);
    }
    await settle(system);
    const salesforce = await readSalesforce(system.admin);
    const external = await readExternal(system.external.url, system.externalToken);
    const failed = await readFailedRequests(system.external.url, system.externalToken);
    const proof = compare(salesforce, external, failed);
    assert.deepEqual(proof.differences, [], `seed ${seed}`);
    assert.equal(proof.synced, KILLS * 10, `seed ${seed}`);
    assert.equal(external.length, KILLS * 10, `seed ${seed}: no record twice`);
  } finally {
    await system.stop();
  }
});
