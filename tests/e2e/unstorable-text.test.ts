import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startSystem, type System } from '../../src/flows/cases/told/system.ts';
import { readExternal } from '../../src/flows/cases/told/proof/read-external.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const TRIES = 240;

interface Row {
  Subject: string;
  Sync_Status__c: string;
  Sync_Error_Code__c: string | null;
  Sync_Error__c: string | null;
}

let system: System;
before(async () => {
  system = await startSystem({ projectDir: root });
});
after(() => system.stop());

const cases = async (): Promise<Row[]> =>
  (
    await system.admin.query<Row>(
      'SELECT Subject, Sync_Status__c, Sync_Error_Code__c, Sync_Error__c FROM Case ORDER BY Subject',
    )
  ).records;

/** Reads the Cases until each has an answer: a failed one stays so until a person corrects it. */
const answered = async (): Promise<Row[]> => {
  for (let tries = 0; tries < TRIES; tries++) {
    const seen = await cases();
    if (seen.every(({ Sync_Status__c: status }) => status !== 'In Progress')) return seen;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return cases();
};

test('of five Cases the one with a NUL in its description fails by name; corrected it succeeds like the others', async () => {
  const ids: string[] = [];
  for (let index = 1; index <= 5; index++) {
    const Description = index === 3 ? `${'x'.repeat(16)}\0 pasted` : 'plain';
    const { id } = await system.admin.sobject('Case').create({ Subject: `Case ${index}`, Description });
    ids.push(id!);
  }
  const seen = await answered();
  assert.deepEqual(
    seen.map(({ Sync_Status__c: status, Sync_Error_Code__c: code }) => [status, code]),
    seen.map((_, index) => (index === 2 ? ['Failed', 'UNSTORABLE_TEXT'] : ['Success', null])),
  );
  assert.equal(seen[2]!.Sync_Error__c, 'Description has a NUL character (U+0000) at position 17; remove it and save');

  await system.admin.sobject('Case').update({ Id: ids[2]!, Description: 'pasted' });
  assert.deepEqual(new Set((await answered()).map(({ Sync_Status__c: status }) => status)), new Set(['Success']));
  const external = await readExternal(system.external.url, system.externalToken);
  assert.equal(external.length, 5);
});
