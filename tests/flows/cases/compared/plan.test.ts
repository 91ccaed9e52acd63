import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KINDS } from '../../../../src/flows/cases/compared/kinds.ts';
import { planRepair } from '../../../../src/flows/cases/compared/plan.ts';
import { trips } from '../../../../src/reconciliation/repair/breaker.ts';
import type { CaseKind, CaseState, RegistryState } from '../../../../src/flows/cases/compared/types.ts';
import type { Discrepancy } from '../../../../src/reconciliation/types.ts';

const inside = { id: '500A', key: 'k', version: 4, attempt: 1, pending: null, externalRevision: 9 } as CaseState;
const outside = { externalId: 'SR-1', key: 'k', revision: 3 } as RegistryState;
const of = (kind: CaseKind, fields: Discrepancy['fields'] = []): Discrepancy<CaseKind> => ({
  kind,
  key: 'k',
  recordId: '500A',
  externalId: 'SR-1',
  fields,
  detail: '',
});

test('what a person must decide is never repaired', () => {
  for (const kind of ['failed', 'duplicate', 'orphaned by deletion'] as const)
    assert.equal(planRepair(of(kind), inside, outside), null, kind);
});

test('a record whose Case is lost is triggered only when a person has its Case made again', () => {
  const holding = { ...outside, salesforceCaseId: '500A' } as RegistryState;
  const triggered = { do: 'trigger outside', key: 'k', externalId: 'SR-1' };
  const waiting = { ...outside, salesforceCaseId: null } as RegistryState;
  const missing = of('missing in Salesforce');
  assert.equal(planRepair(missing, null, holding), null);
  assert.deepEqual(planRepair(missing, null, waiting), triggered);
  const again = { makesAgain: true };
  assert.deepEqual(planRepair(missing, null, holding, again), { ...triggered, forgetCaseId: '500A' });
  assert.deepEqual(planRepair(missing, null, waiting, again), triggered);
  assert.deepEqual(planRepair(of('lost acknowledgement'), inside, holding, again), triggered, 'its Case is there');
});

test('a Case that was deleted and is there again stays when a person says so', () => {
  const told = { ...outside, deletedInSalesforce: true } as RegistryState;
  const orphan = of('orphaned by deletion');
  assert.equal(planRepair(orphan, inside, told), null);
  assert.equal(planRepair(orphan, inside, told, { makesAgain: true })?.do, 'request again');
  assert.equal(planRepair(orphan, null, told, { makesAgain: true }), null, 'deleted, and not there');
  assert.equal(planRepair(orphan, inside, outside, { makesAgain: true }), null, 'deleted outside');
});

test('a mismatch carries only what Salesforce owns, and keeps what is replaced on either side', () => {
  const fields: Discrepancy['fields'] = [
    { field: 'Subject', owner: 'Salesforce', salesforce: 'ours', external: 'theirs' },
    { field: 'Status', owner: 'External', salesforce: 'New', external: 'Closed' },
  ];
  assert.deepEqual(planRepair(of('field mismatch', fields), inside, outside), {
    do: 'carry by owner',
    key: 'k',
    externalId: 'SR-1',
    values: { Subject: 'ours' },
    ifRevision: 3,
    seenRevision: 9,
    before: { Subject: 'theirs', Status: 'New' },
  });
});

test('a Case is requested again as it was seen', () => {
  assert.deepEqual(planRepair(of('missing outside'), inside, null), {
    do: 'request again',
    key: 'k',
    caseId: '500A',
    version: 4,
    attempt: 1,
  });
});

test('a pending change of Salesforce is never overwritten', () => {
  assert.equal(planRepair(of('field mismatch'), { ...inside, pending: 'Request' }, outside), null);
});

test('every kind has an owner, an action and a repair', () => {
  for (const [kind, description] of Object.entries(KINDS)) {
    for (const text of [description.meaning, description.cause, description.action])
      assert.match(text, /^[A-Z].*\.$/s, kind);
  }
});

test('the breaker trips above the share, not on a handful', () => {
  assert.equal(trips(19, 100), false);
  assert.equal(trips(20, 100), true);
  assert.equal(trips(40, 10_000), false);
  assert.equal(trips(51, 10_000), true);
});
