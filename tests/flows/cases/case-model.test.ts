import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  afterRefusal,
  begun,
  changedHere,
  differences,
  expectedOf,
  type Held,
  isOvertaken,
  leftScope,
  type Line,
  retriedHere,
} from '../../../src/flows/cases/simulated/case-model.ts';

const NOW = Date.UTC(2026, 0, 5, 9);
const AT = '2026-01-05T08:00:00.000+0000';

const held = (change: Partial<Held> = {}): Held => ({
  ...{ Id: '500000000000001AAA', Sync_Key__c: 'k', Sync_Status__c: 'In Progress', Sync_Pending__c: 'Request' },
  ...{ Sync_Version__c: 3, Sync_Attempt__c: 1, Sync_First_Attempt__c: 0, Sync_Requested_At__c: AT },
  ...{ Sync_Next_Attempt__c: null, Sync_Error_Code__c: null, External_Id__c: 'SR-1', External_Revision__c: 5 },
  ...{ Sync_Base_Revision__c: 5, Digest_D__c: 7 },
  ...change,
});

const record = { key: 'k', externalId: 'SR-1', revision: 6, requestVersion: 3, values: { Subject: 'a' } };

test('the answer to the newest version is stored; the Case waits until its id is held, from a first attempt on', () => {
  const { outcome, after } = expectedOf('apply', record, held(), NOW);
  assert.equal(outcome, 'APPLIED');
  assert.deepEqual(
    [after!.Sync_Pending__c, after!.Sync_First_Attempt__c, after!.Sync_Requested_At__c, after!.Sync_Base_Revision__c],
    ['WriteBack', 1, '2026-01-05T09:00:00.000+0000', 6],
  );
  const holding = expectedOf('apply', { ...record, salesforceCaseId: '500000000000001' }, held(), NOW);
  assert.deepEqual([holding.after!.Sync_Status__c, holding.after!.Sync_Pending__c], ['Success', null]);
});

test('an answer to an older version brings its revision only; what was seen changes nothing', () => {
  const older = expectedOf('apply', { ...record, requestVersion: 2 }, held(), NOW);
  assert.equal(older.outcome, 'RECORDED');
  assert.deepEqual(differences(older.after!, held()), ['External_Revision__c is 5, not 6']);
  const seen = expectedOf('apply', { ...record, revision: 4 }, held(), NOW);
  assert.deepEqual([seen.outcome, differences(seen.after!, held())], ['IGNORED', []]);
});

test('a refusal counts for the newest attempt of the newest version, and its wait doubles until no attempt is left', () => {
  const refused = { key: 'k', version: 3, attempt: 1, errorCode: 'REQUIRED' };
  const { outcome, after } = expectedOf('acknowledge', refused, held(), NOW);
  assert.equal(outcome, 'APPLIED');
  assert.deepEqual([after!.Sync_Pending__c, after!.Sync_Next_Attempt__c], ['Retry', '2026-01-05T09:10:00.000+0000']);
  const last = expectedOf('acknowledge', { ...refused, attempt: 4 }, held({ Sync_Attempt__c: 4 }), NOW);
  assert.deepEqual([last.after!.Sync_Status__c, last.after!.Sync_Pending__c], ['Failed', null]);
  assert.equal(expectedOf('acknowledge', { ...refused, attempt: 0 }, held(), NOW).outcome, 'IGNORED');
  const brings = { ...refused, version: 2, externalId: 'SR-1', revision: 9 };
  assert.equal(expectedOf('acknowledge', brings, held(), NOW).outcome, 'RECORDED');
});

test('a confirmation settles the version that waits for it, also after it was given up, and no other', () => {
  const told = { key: 'k', version: 3, caseId: '500000000000001AAA' };
  const waiting = held({ Sync_Pending__c: 'WriteBack' });
  assert.equal(expectedOf('write-back', told, waiting, NOW).after!.Sync_Status__c, 'Success');
  const givenUp = held({ Sync_Status__c: 'Failed', Sync_Error_Code__c: 'NO_CONFIRMATION' });
  assert.equal(expectedOf('write-back', told, givenUp, NOW).outcome, 'APPLIED');
  assert.equal(expectedOf('write-back', { ...told, version: 2 }, waiting, NOW).outcome, 'IGNORED');
  assert.equal(expectedOf('write-back', told, held(), NOW).outcome, 'IGNORED');
});

test('of a key that no Case has a record makes one, and nothing else is found', () => {
  const { outcome, after } = expectedOf('apply', record, null, NOW);
  assert.deepEqual([outcome, after!.Sync_Version__c, after!.Sync_Pending__c], ['CREATED', 3, 'WriteBack']);
  for (const call of ['acknowledge', 'write-back', 'deletion'] as const)
    assert.deepEqual(expectedOf(call, record, null, NOW), { outcome: 'NOT_FOUND', after: null });
});

test('a refusal for good of the newest answer shows on the Case; a row lock says nothing', () => {
  const line = { retryable: false, errorCode: 'STRING_TOO_LONG' } as Line;
  assert.equal(afterRefusal('apply', record, held(), line, NOW)!.Sync_Error_Code__c, 'STRING_TOO_LONG');
  assert.deepEqual(afterRefusal('apply', record, held(), { ...line, retryable: true }, NOW), held());
  assert.deepEqual(afterRefusal('apply', { ...record, requestVersion: 2 }, held(), line, NOW), held());
});

test('a change that the org makes as it saves has to leave, from its first attempt on', () => {
  assert.ok(isOvertaken(held(), held({ Sync_Version__c: 4, Sync_Attempt__c: 0 })));
  assert.ok(!isOvertaken(held(), held({ Sync_Version__c: 4 })));
  assert.ok(!isOvertaken(held(), held({ Sync_Attempt__c: 0 })));
});

test('of a Case out of the scope nothing is stored, and nothing is said but that', () => {
  const out = held({ Sync_Status__c: null, Sync_Pending__c: null });
  assert.deepEqual(expectedOf('apply', record, out, NOW), { outcome: 'REFUSED', after: out });
  for (const call of ['acknowledge', 'write-back', 'deletion'] as const)
    assert.deepEqual(expectedOf(call, { key: 'k' }, out, NOW), { outcome: 'NOT_FOUND', after: out });
});

test('a change of a person makes the next version leave, from its first attempt on; a retry the same one', () => {
  const failed = held({
    ...{ Sync_Status__c: 'Failed', Sync_Pending__c: 'Retry', Sync_Error_Code__c: 'REQUIRED' },
    Sync_Next_Attempt__c: '2026-01-05T09:10:00.000+0000',
  });
  const waiting = { Sync_Status__c: 'In Progress', Sync_Pending__c: 'Request', Sync_Next_Attempt__c: null };
  const leaves = { ...waiting, Sync_Requested_At__c: '2026-01-05T09:00:00.000+0000' };
  assert.deepEqual(changedHere(failed, NOW), {
    ...{ ...failed, ...leaves, Sync_Error_Code__c: null },
    ...{ Sync_Version__c: 4, Sync_Attempt__c: 0, Sync_First_Attempt__c: 0 },
  });
  assert.deepEqual(retriedHere(failed, NOW), { ...failed, ...leaves, Sync_Attempt__c: 2, Sync_First_Attempt__c: 2 });
  const neverKnown = held({ Sync_Key__c: null as never, Sync_Status__c: null, Sync_Version__c: null });
  assert.deepEqual(changedHere(neverKnown, NOW), begun(NOW));
  assert.deepEqual([begun(NOW).Sync_Version__c, begun(NOW).External_Id__c], [1, null]);
});

test('a Case that leaves the scope waits for nothing, and remembers what was seen', () => {
  const left = leftScope(held());
  assert.deepEqual(
    [left.Sync_Status__c, left.Sync_Pending__c, left.Sync_Requested_At__c, left.Sync_Version__c, left.External_Id__c],
    [null, null, null, 3, 'SR-1'],
  );
});
