import { expect, test } from '@jest/globals';
import { stateOf } from '../force-app/cases/main/default/lwc/syncStatusBadge/syncStates';
import type { SyncFacts } from '../force-app/cases/main/default/lwc/syncStatusBadge/syncFacts';

const facts = (some: Partial<SyncFacts>): SyncFacts => ({
  status: null,
  pending: null,
  version: null,
  attempt: null,
  requestedAt: null,
  nextAttempt: null,
  errorCode: null,
  errorText: null,
  externalId: null,
  ...some,
});

test('in progress tells the wait for an answer from the wait for the confirmation', () => {
  const meaningWith = (pending: string): string => stateOf(facts({ status: 'In Progress', pending }), true).meaning;
  expect(meaningWith('Request')).toBe('Waiting for the external system to answer.');
  expect(meaningWith('WriteBack')).toContain('confirm the ID of this Case');
});

test('what to do about a failure depends on the attempts left and on who may retry', () => {
  const remedyOf = (pending: string | null, canRetry: boolean): string =>
    stateOf(facts({ status: 'Failed', pending }), canRetry).remedy ?? '';
  expect(remedyOf('Retry', true)).toMatch(/Otherwise wait, or select Retry\.$/);
  expect(remedyOf('Retry', false)).toMatch(/Otherwise wait\.$/);
  expect(remedyOf(null, true)).toMatch(/Otherwise select Retry\.$/);
  expect(remedyOf(null, false)).toMatch(/Otherwise ask a colleague with the permission Retry Case Sync\.$/);
});

test('a missing answer is no mistake in the Case: it is asked for again by itself', () => {
  const stateWith = (pending: string, canRetry: boolean): { meaning: string; remedy: string | null } =>
    stateOf(facts({ status: 'Failed', pending }), canRetry);
  expect(stateWith('Request', true)).toMatchObject({
    meaning: 'No answer came to the newest version. It is sent again automatically until one comes.',
    remedy: 'Nothing: it is sent again automatically. To send it now, select Retry.',
  });
  expect(stateWith('Request', false).remedy).toBe('Nothing. Without an answer it is sent again automatically.');
  expect(stateWith('WriteBack', true).meaning).toContain('has not confirmed the ID of this Case');
});

test('a status that is not known here is named', () => {
  expect(stateOf(facts({ status: 'Parked $&' }), true)).toMatchObject({
    label: 'Unknown',
    meaning: 'This page does not know the status “Parked $&”.',
    hasFailed: false,
  });
});
