import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unsavedStates, withBeside } from '../../../../src/flows/cases/simulated/beside.ts';
import type { World } from '../../../../src/simulation/world.ts';

const ROW = {
  Id: '500',
  Sync_Status__c: 'In Progress' as string | null,
  Sync_Version__c: 2,
  Sync_Requested_At__c: '2026-01-05T09:00:00.000+0000' as string | null,
  External_Revision__c: 3,
  Subject: 'of the Case',
};
const state = { Sync_Status__c: 'Success', Sync_Requested_At__c: '2026-01-05T10:00:00.000Z', External_Revision__c: 4 };

/** A hosted world in which one state stands beside the Case 500. */
const worldWith = (version: number, closed: string[] = []): World =>
  ({
    hosted: true,
    query: async (soql: string) =>
      soql.includes('Unsaved_Sync_State__c')
        ? [{ Record_Id__c: '500', Version__c: version, State__c: JSON.stringify(state) }]
        : closed.map((Id) => ({ Id })),
  }) as unknown as World;

test('a state of the same version counts, its moments as a query tells them; what the state does not have is empty', async () => {
  const [row] = await withBeside(worldWith(2), Promise.resolve([ROW]));
  assert.deepEqual(row, {
    ...ROW,
    Sync_Status__c: 'Success',
    Sync_Version__c: null,
    Sync_Requested_At__c: '2026-01-05T10:00:00.000+0000',
    External_Revision__c: 4,
  });
});

test('of a Case that has moved on, or is out of the scope, only what was learned from outside counts', async () => {
  const [row] = await withBeside(worldWith(1), Promise.resolve([ROW]));
  assert.deepEqual(row, { ...ROW, External_Revision__c: 4 });
  const out = { ...ROW, Sync_Status__c: null };
  assert.deepEqual(await withBeside(worldWith(2), Promise.resolve([out])), [{ ...out, External_Revision__c: 4 }]);
});

test('a state waits to be stored unless its Case is closed', async () => {
  assert.deepEqual(await unsavedStates(worldWith(2)), ['a state stands beside the Case 500']);
  assert.deepEqual(await unsavedStates(worldWith(2, ['500'])), []);
});
