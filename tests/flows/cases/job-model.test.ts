import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Held } from '../../../src/flows/cases/simulated/case-model.ts';
import {
  advanced,
  countsOf,
  isOutage,
  isOverdue,
  isToldOfOutage,
  stops,
  waitingSince,
} from '../../../src/flows/cases/simulated/job-model.ts';

const NOW = Date.UTC(2026, 0, 5, 9);
const minutesAgo = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();

const held = (change: Partial<Held> = {}): Held => ({
  ...{ Id: '500000000000001AAA', Sync_Key__c: 'k', Sync_Status__c: 'In Progress', Sync_Pending__c: 'Request' },
  ...{ Sync_Version__c: 3, Sync_Attempt__c: 1, Sync_First_Attempt__c: 0, Sync_Requested_At__c: minutesAgo(16) },
  ...{ Sync_Next_Attempt__c: null, Sync_Error_Code__c: null, External_Id__c: 'SR-1', External_Revision__c: 5 },
  ...{ Sync_Base_Revision__c: 5, Digest_D__c: 7 },
  ...change,
});

test('what waits is overdue past its grace, what was refused when it is due, and what waits for nothing never', () => {
  assert.ok(isOverdue(held(), NOW));
  assert.ok(!isOverdue(held({ Sync_Requested_At__c: minutesAgo(14) }), NOW));
  assert.ok(isOverdue(held({ Sync_Pending__c: 'Retry', Sync_Next_Attempt__c: minutesAgo(0) }), NOW));
  assert.ok(!isOverdue(held({ Sync_Pending__c: 'Retry', Sync_Next_Attempt__c: minutesAgo(-1) }), NOW));
  assert.ok(!isOverdue(held({ Sync_Pending__c: null }), NOW));
});

test('an overdue Case is asked for once more, or given up after its last attempt, and then asked for slowly', () => {
  assert.deepEqual([advanced(held(), NOW).Sync_Attempt__c, advanced(held(), NOW).Sync_Status__c], [2, 'In Progress']);
  const last = advanced(held({ Sync_Attempt__c: 4, Sync_Pending__c: 'WriteBack' }), NOW);
  assert.deepEqual(
    [
      last.Sync_Status__c,
      last.Sync_Error_Code__c,
      last.Sync_Pending__c,
      last.Sync_Attempt__c,
      last.Sync_Next_Attempt__c,
    ],
    ['Failed', 'NO_CONFIRMATION', 'WriteBack', 4, '2026-01-05T13:00:00.000+0000'],
  );
  const again = advanced(last, NOW);
  assert.deepEqual([again.Sync_Pending__c, again.Sync_Attempt__c, again.Sync_Status__c], ['Request', 5, 'Failed']);
});

test('nothing gets through while the heartbeat is old, or has not been clear for the grace', () => {
  const control = {
    ...{ Swept_At__c: minutesAgo(1), Clear_Since__c: minutesAgo(20), Activated_At__c: minutesAgo(60) },
    ...{ Waiting_Since__c: null, Outage_Alerted_At__c: null },
  };
  assert.ok(!isOutage(control, NOW));
  assert.ok(isOutage({ ...control, Swept_At__c: minutesAgo(16) }, NOW));
  assert.ok(isOutage({ ...control, Clear_Since__c: minutesAgo(2) }, NOW));
  assert.ok(isOutage({ ...control, Clear_Since__c: null }, NOW));
  assert.ok(!isOutage({ ...control, Swept_At__c: minutesAgo(-4_000) }, NOW));
  assert.ok(isOutage({ ...control, Swept_At__c: null, Activated_At__c: minutesAgo(3) }, NOW));
});

test('a Case counts as found once, by the first run that sees it', () => {
  const counts = countsOf([held(), held({ Id: 'b', Sync_Pending__c: 'WriteBack' })], new Set(['b']), 2, NOW);
  assert.deepEqual(
    [counts.Found__c, counts.Found_Lost_Requests__c, counts.Still_Pending__c, counts.Re_Requested__c],
    [1, 1, 1, 2],
  );
  assert.equal(counts.Recovered__c, 2);
});

test('a run asks for none of many at once, nor for any while the breaker is open', () => {
  const bounds = { least: 3, share: 50 };
  assert.ok(!stops(2, 2, false, bounds), 'too few');
  assert.ok(!stops(5, 10, false, bounds), 'half of all is not more than half');
  assert.ok(stops(6, 10, false, bounds));
  assert.ok(stops(1, 10, true, bounds), 'open');
  assert.ok(!stops(0, 10, true, bounds), 'nothing is overdue');
  assert.ok(!stops(900, 901, false), 'the bounds that come with Concord');
});

test('an outage counts from the last sweep, or from the run that saw it first; people are told after an hour, once', () => {
  const quiet = {
    Clear_Since__c: null,
    Activated_At__c: minutesAgo(900),
    Waiting_Since__c: null,
    Outage_Alerted_At__c: null,
  };
  const silent = { ...quiet, Swept_At__c: minutesAgo(59) };
  assert.equal(waitingSince(silent, NOW), silent.Swept_At__c);
  assert.ok(!isToldOfOutage(silent, NOW));
  assert.ok(isToldOfOutage({ ...silent, Swept_At__c: minutesAgo(60) }, NOW));
  const behind = { ...quiet, Swept_At__c: minutesAgo(1) };
  assert.equal(waitingSince(behind, NOW), '2026-01-05T09:00:00.000+0000');
  const noted = { ...behind, Waiting_Since__c: minutesAgo(20) };
  assert.equal(waitingSince(noted, NOW), noted.Waiting_Since__c);
  assert.ok(isToldOfOutage({ ...noted, Outage_Alerted_At__c: minutesAgo(5) }, NOW));
});
