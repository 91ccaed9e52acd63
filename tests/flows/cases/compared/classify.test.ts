import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentOf, type ContentType } from '../../../../src/shared/digest/content.ts';
import { elementOf } from '../../../../src/shared/digest/element.ts';
import { classify } from '../../../../src/flows/cases/compared/classify.ts';
import type { Gone } from '../../../../src/reconciliation/compared-object.ts';
import type { Rules } from '../../../../src/reconciliation/find/at-rest.ts';
import type { CaseState, RegistryState } from '../../../../src/flows/cases/compared/types.ts';

const NOW = Date.UTC(2026, 0, 5);
const HOUR = 3_600_000;
const TYPES: Record<string, ContentType> = { Subject: 'text', Status: 'text' };
const RULES: Rules = {
  owners: { Subject: 'Salesforce', Status: 'External' },
  types: TYPES,
  now: NOW,
  graceMs: 15 * 60_000,
  latest: NOW + 15 * 60_000,
};

const inside = (more: Partial<CaseState> = {}): CaseState => {
  const state: CaseState = {
    id: '500A',
    key: 'k',
    status: 'Success',
    version: 2,
    attempt: 0,
    pending: null,
    requestedAt: NOW - 2 * HOUR,
    modifiedAt: NOW - 2 * HOUR,
    externalId: 'SR-1',
    externalRevision: 3,
    errorCode: null,
    values: { Subject: 'a', Status: 'New' },
    digest: null,
    ...more,
  };
  return {
    ...state,
    digest: more.digest === undefined ? elementOf(state.key, contentOf(state.values, TYPES)) : more.digest,
  };
};

const outside = (more: Partial<RegistryState> = {}): RegistryState => ({
  externalId: 'SR-1',
  key: 'k',
  revision: 3,
  requestVersion: 2,
  salesforceCaseId: '500A',
  originCaseId: '500A',
  syncStatus: 'Success',
  values: { Subject: 'a', Status: 'New' },
  updatedAt: NOW - 2 * HOUR,
  deleted: false,
  deletedInSalesforce: false,
  putAway: false,
  ...more,
});

const kindOf = (...args: [CaseState | null, RegistryState | null, Gone?]): string => {
  const finding = classify(args[0], args[1], args[2] ?? null, RULES);
  return typeof finding === 'string' ? finding : finding.kind;
};

const PENDING = { status: 'In Progress', pending: 'Request' } as const;
const WRITE_BACK = { status: 'In Progress', pending: 'WriteBack' } as const;
/** Status and code are the job's; the work is still pending. */
const GIVEN_UP = { status: 'Failed', pending: 'Request', errorCode: 'NO_ANSWER' } as const;
const UNCONFIRMED = { status: 'Failed', pending: 'WriteBack', errorCode: 'NO_CONFIRMATION' } as const;
/** Its Case has left the scope of the sync. */
const LEFT = { status: null, digest: null } as const;
const RECENT = NOW - 60_000;

for (const [expected, ours, theirs, tombstone] of [
  ['equal', inside(), outside()],
  ['equal', null, outside({ deleted: true })],
  ['missing in Salesforce', null, outside()],
  ['in flight', null, outside({ updatedAt: RECENT })],
  ['orphaned by deletion', null, outside(), 'deleted'],
  ['equal', null, outside(), 'put away'],
  ['equal', null, outside({ deletedInSalesforce: true, putAway: true })],
  ['equal', inside({ ...LEFT, modifiedAt: RECENT }), outside()],
  ['equal', inside(LEFT), outside({ deletedInSalesforce: true, putAway: true })],
  ['equal', inside(LEFT), null],
  ['orphaned by deletion', inside(LEFT), outside()],
  ['orphaned by deletion', null, outside({ deletedInSalesforce: true })],
  ['orphaned by deletion', inside(), outside({ deleted: true })],
  ['orphaned by deletion', inside(), outside({ deletedInSalesforce: true })],
  ['in flight', inside({ modifiedAt: RECENT }), outside({ deletedInSalesforce: true })],
  ['stuck in progress', inside(PENDING), outside({ deletedInSalesforce: true })],
  ['missing outside', inside(), null],
  ['stuck in progress', inside(PENDING), null],
  ['in flight', inside({ ...PENDING, requestedAt: RECENT }), null],
  ['failed', inside({ status: 'Failed', errorCode: 'REQUIRED' }), null],
  ['failed', inside({ status: 'Failed', errorCode: 'REQUIRED', pending: 'Retry' }), outside()],
  ['stuck in progress', inside(GIVEN_UP), null],
  ['stuck in progress', inside(GIVEN_UP), outside()],
  ['in flight', inside({ ...GIVEN_UP, requestedAt: RECENT }), outside()],
  ['stuck in progress', inside({ ...GIVEN_UP, pending: null }), outside()],
  ['lost write-back', inside(UNCONFIRMED), outside({ salesforceCaseId: null })],
  ['lost acknowledgement', inside(UNCONFIRMED), outside()],
  ['lost acknowledgement', inside({ ...UNCONFIRMED, pending: null }), outside()],
  ['stuck in progress', inside({ ...PENDING, values: { Subject: 'b', Status: 'New' } }), outside()],
  ['in flight', inside({ ...PENDING, requestedAt: RECENT, values: { Subject: 'b', Status: 'New' } }), outside()],
  ['lost write-back', inside(WRITE_BACK), outside({ salesforceCaseId: null })],
  ['lost acknowledgement', inside(WRITE_BACK), outside()],
  ['lost acknowledgement', inside(), outside({ syncStatus: 'In Progress' })],
  ['lost write-back', inside(), outside({ salesforceCaseId: null })],
  ['field mismatch', inside(), outside({ values: { Subject: 'a', Status: 'Closed' } })],
  ['in flight', inside(), outside({ values: { Subject: 'a', Status: 'Closed' }, updatedAt: RECENT })],
  ['version skew', inside(), outside({ values: { Subject: 'a', Status: 'Closed' }, revision: 4 })],
  ['bypassed trigger', inside({ values: { Subject: 'b', Status: 'New' }, digest: elementOf('k', 'old') }), outside()],
  ['bypassed trigger', inside({ digest: elementOf('k', 'old') }), outside()],
] as [string, CaseState | null, RegistryState | null, Gone?][]) {
  test(`${expected}: ${ours ? `${ours.status}${ours.pending ? `, pending ${ours.pending}` : ''}` : 'no Case'} against ${theirs ? `revision ${theirs.revision}, ${theirs.syncStatus}` : 'nothing'}`, () => {
    assert.equal(kindOf(ours, theirs, tombstone), expected);
  });
}

test('a mismatch names each field with both values and its owner', () => {
  const finding = classify(inside(), outside({ values: { Subject: 'z', Status: 'Closed' } }), null, RULES);
  assert.ok(typeof finding === 'object');
  assert.deepEqual(finding.fields, [
    { field: 'Subject', owner: 'Salesforce', salesforce: 'a', external: 'z' },
    { field: 'Status', owner: 'External', salesforce: 'New', external: 'Closed' },
  ]);
});

test('a time that has not come was written by a wrong clock, and keeps nothing in flight', () => {
  const values = { Subject: 'b', Status: 'New' };
  assert.equal(kindOf(inside(), outside({ values, updatedAt: NOW + 60_000 })), 'in flight');
  assert.notEqual(kindOf(inside(), outside({ values, updatedAt: NOW + 72 * HOUR })), 'in flight');
});
