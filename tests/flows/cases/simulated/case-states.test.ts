import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokenStates, type StateOfCase } from '../../../../src/flows/cases/simulated/case-states.ts';

const NOW = Date.UTC(2026, 0, 5, 9);
const at = (minutes: number): string => new Date(NOW + minutes * 60_000).toISOString();

const SUCCESS: StateOfCase = {
  Id: '500',
  Sync_Status__c: 'Success',
  Sync_Pending__c: null,
  Sync_Version__c: 2,
  Sync_Attempt__c: 1,
  Sync_First_Attempt__c: 0,
  Sync_Requested_At__c: at(-10),
  Sync_Next_Attempt__c: null,
  Sync_Error_Code__c: null,
  External_Id__c: 'SR-1',
};
const IN_PROGRESS: StateOfCase = { ...SUCCESS, Sync_Status__c: 'In Progress', Sync_Pending__c: 'Request' };
const FAILED: StateOfCase = {
  ...SUCCESS,
  Sync_Status__c: 'Failed',
  Sync_Pending__c: 'Retry',
  Sync_Error_Code__c: 'REQUIRED',
  // the second attempt: twice five minutes
  Sync_Next_Attempt__c: at(0),
};
const GIVEN_UP: StateOfCase = {
  ...FAILED,
  Sync_Pending__c: 'Request',
  Sync_Error_Code__c: 'NO_ANSWER',
  Sync_Attempt__c: 4,
  Sync_Next_Attempt__c: at(240),
};
const UNSYNCED: StateOfCase = { ...SUCCESS, Sync_Status__c: null };

test('a Case of each state is as it may be', () => {
  assert.deepEqual(brokenStates([SUCCESS, IN_PROGRESS, FAILED, GIVEN_UP, UNSYNCED], NOW), []);
  const atTheEnd = { ...FAILED, Sync_Attempt__c: 4, Sync_Pending__c: null, Sync_Next_Attempt__c: null };
  assert.deepEqual(brokenStates([atTheEnd], NOW), []);
});

const WRONG: [what: string, row: StateOfCase][] = [
  ['Success waits', { ...SUCCESS, Sync_Pending__c: 'WriteBack' }],
  ['Success has an error', { ...SUCCESS, Sync_Error_Code__c: 'REQUIRED' }],
  ['Success without an external id', { ...SUCCESS, External_Id__c: null }],
  ['In Progress waits for nothing', { ...IN_PROGRESS, Sync_Pending__c: null }],
  ['In Progress since tomorrow', { ...IN_PROGRESS, Sync_Requested_At__c: at(1) }],
  ['In Progress has more attempts than there are', { ...IN_PROGRESS, Sync_Attempt__c: 5 }],
  ['In Progress has an error at its first attempt', { ...IN_PROGRESS, Sync_Attempt__c: 0, Sync_Error_Code__c: 'NO' }],
  ['In Progress is due', { ...IN_PROGRESS, Sync_Next_Attempt__c: at(1) }],
  ['an attempt before the first', { ...IN_PROGRESS, Sync_First_Attempt__c: 2 }],
  ['Failed without a code', { ...FAILED, Sync_Error_Code__c: null }],
  ['Failed waits for an answer', { ...FAILED, Sync_Pending__c: 'Request' }],
  ['Failed is due at no time', { ...FAILED, Sync_Next_Attempt__c: null }],
  ['Failed is due too soon', { ...FAILED, Sync_Next_Attempt__c: at(-1) }],
  ['Failed waits without an attempt left', { ...FAILED, Sync_Attempt__c: 4, Sync_Next_Attempt__c: at(70) }],
  [
    'Failed waits for nothing with attempts left',
    { ...FAILED, Sync_Attempt__c: 3, Sync_Pending__c: null, Sync_Next_Attempt__c: null },
  ],
  ['given up waits for nothing', { ...GIVEN_UP, Sync_Pending__c: null }],
  ['given up is due too late', { ...GIVEN_UP, Sync_Next_Attempt__c: at(241) }],
  ['given up with attempts left', { ...GIVEN_UP, Sync_Attempt__c: 3 }],
  ['out of sync waits', { ...UNSYNCED, Sync_Pending__c: 'Request' }],
];
for (const [what, row] of WRONG)
  test(`told: ${what}`, () => {
    assert.notDeepEqual(brokenStates([row], NOW), []);
  });
