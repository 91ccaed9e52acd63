import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confirmRepairs } from '../../../src/reconciliation/repair/arrived.ts';
import { comparedCase } from '../../../src/flows/cases/compared/case.ts';
import { SalesforceClient } from '../../../src/shared/salesforce/client.ts';
import { contentOf } from '../../../src/shared/digest/content.ts';
import { elementOf } from '../../../src/shared/digest/element.ts';
import type { ExternalRequest, ReportedDiscrepancy } from '../../../src/reconciliation/types.ts';

const KEY = '0a1b2c3d-0000-4000-8000-000000000001';
const AT = '2026-01-05T09:00:00.000Z';
const FIELDS = { owners: { Subject: 'Salesforce' as const }, types: { Subject: 'text' as const } };

const sent = (): ReportedDiscrepancy =>
  ({ key: KEY, outcome: 'sent, not confirmed', repair: { do: 'carry by owner' } }) as ReportedDiscrepancy;

/** Salesforce stores the value that the registry holds at its n-th look. */
const sides = (arrivesAt: number): { salesforce: SalesforceClient; external: ExternalRequest; looks: () => number } => {
  let looks = 0;
  const row = (): Record<string, unknown> => {
    const subject = looks >= arrivesAt ? 'new' : 'old';
    const { k1, k2, d, c } = elementOf(KEY, contentOf({ Subject: subject }, FIELDS.types));
    return {
      Id: '500000000000001AAA',
      Sync_Key__c: KEY,
      Sync_Status__c: 'Success',
      Sync_Version__c: 1,
      Sync_Pending__c: null,
      SystemModstamp: AT,
      External_Revision__c: looks >= arrivesAt ? 2 : 1,
      Digest_K1__c: k1,
      Digest_K2__c: k2,
      Digest_D__c: d,
      Digest_C__c: c,
      Subject: subject,
    };
  };
  const salesforce = new SalesforceClient(async () => {
    looks += 1;
    return {
      compositeResponse: [
        { referenceId: 'q0', httpStatusCode: 200, body: { done: true, totalSize: 1, records: [row()] } },
      ],
    } as never;
  }, '67.0');
  const external: ExternalRequest = async () =>
    ({
      cases: [
        {
          externalId: 'SR-00000001',
          key: KEY,
          revision: 2,
          requestVersion: 1,
          salesforceCaseId: '500000000000001AAA',
          originCaseId: null,
          syncStatus: 'Success',
          values: { Subject: 'new' },
          salesforceDeletion: null,
          updatedAt: AT,
          deletedAt: null,
        },
      ],
    }) as never;
  return { salesforce, external, looks: () => looks };
};

const clock = (): { now: () => number; sleep: (ms: number) => Promise<void> } => {
  let now = 0;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
};

test('a repair is confirmed once both sides agree, and looked at no longer', async () => {
  const world = sides(3);
  const repair = sent();
  await confirmRepairs([repair], { compared: comparedCase, ...world, clock: clock(), fields: FIELDS, waitMs: 60_000 });
  assert.equal(repair.outcome, 'confirmed');
  assert.equal(world.looks(), 3);
});

test('what does not arrive within the wait is not called confirmed', async () => {
  const world = sides(1_000);
  const repair = sent();
  const ticking = clock();
  await confirmRepairs([repair], { compared: comparedCase, ...world, clock: ticking, fields: FIELDS, waitMs: 60_000 });
  assert.equal(repair.outcome, 'sent, not confirmed');
  assert.equal(ticking.now(), 60_000);
  assert.ok(world.looks() <= 8, `${world.looks()} calls`);
});

test('without a wait there is one look', async () => {
  const world = sides(2);
  const repair = sent();
  await confirmRepairs([repair], { compared: comparedCase, ...world, clock: clock(), fields: FIELDS, waitMs: 0 });
  assert.deepEqual([repair.outcome, world.looks()], ['sent, not confirmed', 1]);
});
