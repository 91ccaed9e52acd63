import { UnusableInput } from 'kernel/command-line.ts';
import type { Check, CheckedFlow } from '../../../../story/checks.ts';
import type { OrgConnection } from '../../../../story/org/connect.ts';
import { CasesInSystem } from '../system.ts';
import { bornOutside } from './born-outside.ts';
import { changedInside } from './changed-inside.ts';
import { changedOutside } from './changed-outside.ts';
import { created } from './created.ts';
import { deleted } from './deleted.ts';
import { equal } from './equal.ts';
import { forged } from './forged.ts';
import { intake } from './intake.ts';
import { refused } from './refused.ts';
import { repaired } from './repaired.ts';

/** The last compares what all have left behind. */
const LISTS: readonly (readonly Check[])[] = [
  [created, changedInside, changedOutside, bornOutside, intake, refused, forged, deleted],
  [repaired],
  [equal],
];

/** What the checks read and the middle layer works with. */
const NEEDED_FIELDS = ['Sync_Key__c', 'Sync_Status__c', 'Sync_Pending__c', 'External_Id__c'];

/** A person waits for the checks. */
const OUTBOX_INTERVAL_MS = 200;

const checkOrg = async (connection: OrgConnection, name: string): Promise<void> => {
  const { fields } = await connection.describe('Case');
  const seen = new Set(fields.map((field) => field.name));
  const missing = NEEDED_FIELDS.filter((field) => !seen.has(field));
  if (missing.length > 0) {
    throw new UnusableInput(
      `the user of ${name} does not see ${missing.map((field) => `Case.${field}`).join(', ')}; deploy force-app and assign the permission sets Concord_Admin, Concord_Cases_Admin, Concord_Integration and Concord_Cases_Integration`,
    );
  }
};

/** Records in one collection request (REST API Developer Guide, sObject Collections). */
const COLLECTION_LIMIT = 200;

const remove = async (connection: OrgConnection, ids: readonly string[]): Promise<void> => {
  for (let start = 0; start < ids.length; start += COLLECTION_LIMIT)
    await connection.sobject('Case').destroy(ids.slice(start, start + COLLECTION_LIMIT));
};

/** The whole way of a Case, there and back. */
export const checkedCases: CheckedFlow = {
  flow: () => new CasesInSystem({ registrySettings: { outboxIntervalMs: OUTBOX_INTERVAL_MS } }),
  checkOrg,
  lists: LISTS,
  remove,
};
