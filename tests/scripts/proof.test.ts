import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from '../../src/flows/cases/told/proof/compare.ts';
import type { ExternalCase } from '../../src/flows/cases/told/proof/read-external.ts';
import type { SalesforceCase, SalesforceSide } from '../../src/flows/cases/told/proof/read-salesforce.ts';

const inside = (more: Partial<SalesforceCase> = {}): SalesforceCase => ({
  id: '500A',
  key: 'k1',
  status: 'Success',
  version: 1,
  pending: null,
  externalId: 'SR-1',
  errorCode: null,
  error: null,
  values: { Subject: 'Noise', Reported_At__c: '2026-01-02T03:04:05.000+0000', Latitude__c: 40.5 },
  ...more,
});

const outside = (more: Partial<ExternalCase> = {}): ExternalCase => ({
  externalId: 'SR-1',
  key: 'k1',
  salesforceCaseId: '500A',
  requestVersion: 1,
  syncStatus: 'Success',
  deleted: false,
  deletedInSalesforce: false,
  values: { Subject: 'Noise', Reported_At__c: '2026-01-02T03:04:05Z', Latitude__c: 40.5 },
  ...more,
});

const side = (...cases: SalesforceCase[]): SalesforceSide => ({
  cases,
  deleted: new Set(['gone']),
  fields: [
    { name: 'Subject', type: 'string' },
    { name: 'Reported_At__c', type: 'datetime' },
    { name: 'Latitude__c', type: 'double' },
  ],
});

const compared = (
  salesforce: SalesforceSide,
  external: ExternalCase[],
  failed: string[] = [],
): ReturnType<typeof compare> => compare(salesforce, external, new Set(failed));

const kinds = (...args: Parameters<typeof compared>): string[] => compared(...args).differences.map(({ kind }) => kind);

test('equal records agree whatever each side spells them like', () => {
  assert.deepEqual(compared(side(inside()), [outside()]), { synced: 1, failed: [], differences: [], duplicates: 0 });
});

test('every way to differ is found', () => {
  assert.deepEqual(kinds(side(inside()), []), ['missing outside']);
  assert.deepEqual(kinds(side(), [outside()]), ['missing in Salesforce']);
  assert.deepEqual(
    kinds(side(inside()), [
      outside({ values: { Subject: 'Noise', Reported_At__c: '2026-01-02T03:04:06Z', Latitude__c: 40.5 } }),
    ]),
    ['field mismatch'],
  );
  assert.deepEqual(kinds(side(inside()), [outside({ salesforceCaseId: null })]), ['Case id mismatch']);
  assert.deepEqual(kinds(side(inside({ status: 'In Progress', pending: 'WriteBack' })), [outside()]), ['status']);
  assert.deepEqual(kinds(side(inside(), inside({ id: '500B' })), [outside()]), [
    'Case id mismatch',
    'duplicate',
    'duplicate',
  ]);
});

test('a deletion that was recorded is no difference, a failure that both sides show is counted apart', () => {
  assert.deepEqual(kinds(side(), [outside({ key: 'gone' })]), []);
  assert.deepEqual(kinds(side(), [outside({ deletedInSalesforce: true })]), []);
  const proof = compared(side(inside({ status: 'Failed', externalId: null })), [], ['k1']);
  assert.equal(proof.failed.length, 1);
  assert.deepEqual(proof.differences, []);
  assert.deepEqual(
    kinds(side(inside({ status: 'Failed', externalId: null })), []),
    ['missing outside'],
    'a failure that one side alone shows',
  );
});
