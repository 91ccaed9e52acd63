import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Finding } from '../../../../src/reconciliation/compared-object.ts';
import type { Rules } from '../../../../src/reconciliation/find/at-rest.ts';
import { classify } from '../../../../src/flows/usage/compared/classify.ts';
import { planRepair } from '../../../../src/flows/usage/compared/plan.ts';
import type { BookingState, EntryState, UsageKind } from '../../../../src/flows/usage/compared/types.ts';
import { ENTRY_TYPES, entryElement, entryValues, type SaidEntry } from '../../../../src/shared/usage-entry.ts';

const AD = 'a0b1c2d3-0000-4000-8000-000000000001';
const KEY = `${AD}#1`;
const GRACE = 15 * 60_000;
const NOW = Date.UTC(2026, 10, 28);
const LONG_AGO = NOW - 10 * GRACE;
const RULES: Rules = {
  now: NOW,
  graceMs: GRACE,
  latest: NOW + GRACE,
  types: ENTRY_TYPES,
  owners: Object.fromEntries(Object.keys(ENTRY_TYPES).map((field) => [field, 'External'])),
};
const SAID: SaidEntry = { contractNumber: '00000100', productNumber: 'SMALL', units: '2', version: 1 };

const entry = (more: Partial<EntryState> = {}, said: Partial<SaidEntry> = {}): EntryState => ({
  id: 'a09000000000001',
  key: KEY,
  modifiedAt: LONG_AGO,
  externalId: AD,
  values: entryValues({ ...SAID, ...said }),
  digest: entryElement(KEY, { ...SAID, ...said }),
  counts: true,
  version: said.version ?? SAID.version,
  contractNumber: said.contractNumber ?? SAID.contractNumber,
  isLocked: false,
  ...more,
});

const booking = (more: Partial<BookingState> = {}, said: Partial<SaidEntry> = {}): BookingState => ({
  externalId: AD,
  key: KEY,
  revision: 1,
  updatedAt: LONG_AGO,
  deleted: false,
  values: entryValues({ ...SAID, ...said }),
  counts: true,
  appliedVersion: 1,
  contractNumber: said.contractNumber ?? SAID.contractNumber,
  outcome: 'APPLIED',
  errorCode: null,
  report: null,
  ...more,
});

const unused = (more: Partial<BookingState> = {}): BookingState => booking({ counts: false, values: {}, ...more });

const kindOf = (ours: EntryState | null, theirs: BookingState | null): string => {
  const finding: Finding<UsageKind> = classify(ours, theirs, null, RULES);
  return typeof finding === 'string' ? finding : finding.kind;
};

const planned = (ours: EntryState | null, theirs: BookingState | null) => {
  const finding = classify(ours, theirs, null, RULES);
  assert.ok(typeof finding !== 'string');
  const step = planRepair(finding, ours, theirs);
  assert.ok(step?.do !== 'request again');
  return step;
};

describe('an entry and its booking', () => {
  it('are equal, and so are a cancelled entry and a use that is gone', () => {
    assert.equal(kindOf(entry(), booking()), 'equal');
    assert.equal(kindOf(entry({ counts: false, digest: null }), unused()), 'equal');
    assert.equal(kindOf(null, unused()), 'equal');
    assert.equal(kindOf(entry({ counts: false, digest: null }), null), 'equal');
  });

  it('agree while the ad waits for a decision: the entry is as the last applied version left it', () => {
    assert.equal(kindOf(entry(), booking({ revision: 2, outcome: 'EXCEPTION', errorCode: 'FULFILLED' })), 'equal');
    assert.equal(kindOf(null, unused({ appliedVersion: null, outcome: 'EXCEPTION' })), 'equal');
  });

  it('differ in one way at a time', () => {
    assert.equal(kindOf(null, booking()), 'missing in Salesforce');
    assert.equal(kindOf(entry(), null), 'missing outside');
    assert.equal(kindOf(entry(), unused()), 'missing outside');
    assert.equal(kindOf(entry({}, { units: '3' }), booking()), 'field mismatch');
    assert.equal(kindOf(entry({}, { contractNumber: '00000101' }), booking()), 'field mismatch');
    assert.equal(kindOf(entry({}, { productNumber: 'small' }), booking()), 'field mismatch', 'to the letter');
    assert.equal(kindOf(entry({ counts: false, digest: null }), booking()), 'field mismatch', 'whether it counts');
    assert.equal(kindOf(entry({}, { version: 2 }), booking()), 'version skew');
    assert.equal(kindOf(entry({ digest: entryElement(KEY, SAID) }, { units: '3' }), booking()), 'bypassed trigger');
    assert.equal(kindOf(entry({ digest: null }), booking()), 'bypassed trigger');
  });

  it('differ in a fulfilled contract: the seal is broken, whatever it is', () => {
    assert.equal(kindOf(entry({ isLocked: true }, { units: '3' }), booking()), 'broken seal');
    assert.equal(kindOf(entry({ isLocked: true }), null), 'broken seal');
    assert.equal(planned(entry({ isLocked: true }, { units: '3' }), booking()), null, 'nobody writes there');
  });

  it('are in flight while a report is under way, or one of them has just moved', () => {
    const report = { state: 'queued', queuedAt: NOW - GRACE } as const;
    assert.equal(kindOf(null, unused({ outcome: null, report })), 'in flight');
    assert.equal(kindOf(entry({ modifiedAt: NOW - GRACE }, { units: '3' }), booking()), 'in flight');
    assert.equal(kindOf(entry({}, { units: '3' }), booking({ updatedAt: NOW })), 'in flight');
  });

  it('are stuck when the report is older than that, and failed when it was refused', () => {
    const report = { state: 'taken', queuedAt: NOW - GRACE - 1 } as const;
    assert.equal(kindOf(entry(), booking({ outcome: null, report })), 'stuck in progress');
    assert.equal(kindOf(null, unused({ outcome: 'REFUSED', errorCode: 'BAD' })), 'failed');
    assert.equal(kindOf(entry(), booking({ report: { state: 'rejected', queuedAt: NOW } })), 'failed');
  });
});

describe('the repair', () => {
  it('is a new version of the ad, above all that was seen, and keeps what it replaces', () => {
    assert.deepEqual(planned(entry({}, { units: '3', version: 9 }), booking({ revision: 4 })), {
      do: 'carry by owner',
      key: KEY,
      adId: AD,
      position: 1,
      isSame: false,
      ifVersion: 4,
      seenVersion: 9,
      before: {
        'Line__r.Contract__r.ContractNumber': '00000100',
        'Line__r.Product__r.ProductCode': 'SMALL',
        Units__c: 3,
        Cancelled__c: false,
      },
    });
  });

  it('replaces no value where only versions differ, or nothing is there', () => {
    assert.deepEqual(planned(entry({}, { version: 2 }), booking())!.before, {});
    assert.deepEqual(planned(null, booking())!.before, {});
  });

  it('takes back what nobody booked, unless no application gave it its key', () => {
    assert.equal(planned(entry(), null)!.ifVersion, null);
    const finding = classify(entry({ key: 'made up' }), null, null, RULES);
    assert.ok(typeof finding !== 'string');
    assert.equal(planRepair(finding, entry({ key: 'made up' }), null), null);
    const cancelled = entry({ counts: false });
    assert.equal(kindOf(cancelled, null), 'bypassed trigger', 'it should have no digest');
    assert.equal(planned(cancelled, null), null, 'the application does not know it');
  });

  it('waits for the decision on an ad that waits for one', () => {
    assert.equal(planned(entry({}, { units: '3' }), booking({ revision: 2, outcome: 'EXCEPTION' })), null);
  });

  it('of an ad that is stuck is the same report once more', () => {
    const report = { state: 'queued', queuedAt: LONG_AGO } as const;
    assert.equal(planned(entry(), booking({ outcome: null, report }))!.isSame, true);
  });
});
