/** What a sweep reads: see docs/case-protocol.md, "Fields on Case". */
import { inRange, SAMPLE } from '../../../../reconciliation/sides/key-range.ts';
import type { Range } from '../../../../reconciliation/types.ts';
import { readable, type SyncedField } from './port.ts';

const CASE_FIELDS = [
  'Id',
  'AccountId',
  'Sync_Key__c',
  'Sync_Version__c',
  'Sync_Attempt__c',
  'Sync_Pending__c',
  'External_Id__c',
  'External_Revision__c',
  'Sync_Base_Revision__c',
  'Sync_Requested_At__c',
  'Digest_D__c',
];

const caseColumns = (fields: readonly SyncedField[]): string =>
  [...CASE_FIELDS, ...readable(fields).map(({ name }) => name)].join(', ');

/** Rows of one response of the REST API (REST API Developer Guide, Query: 2,000 by default and at most). */
export const MAX_ROWS = 2_000;

/** Keyset pages in the order of ids: they stay stable, and nothing waits behind what keeps changing. Ids need no escaping. */
const page = (after: string | null, most: number): string =>
  `${after === null ? '' : ` AND Id > '${after}'`} ORDER BY Id LIMIT ${Math.min(most, MAX_ROWS)}`;

/** `slice`: of the keys, whose index leads where more are pending than the index of Sync_Pending__c serves; null: of all. */
export const pendingCases = (
  fields: readonly SyncedField[],
  after: string | null,
  most: number,
  slice: Range | null = null,
): string => {
  const columns = caseColumns(fields);
  return slice === null
    ? `SELECT ${columns} FROM Case WHERE Sync_Pending__c IN ('Request', 'WriteBack')${page(after, most)}`
    : `SELECT ${columns} FROM Case WHERE ${inRange(slice)} AND Sync_Pending__c IN ('Request', 'WriteBack')${page(after, most)}`;
};

/** How many Cases a share of the keys has, by what they wait for: one group has what waits for nothing. */
export const SAMPLED_CASES = `SELECT Sync_Pending__c pending, COUNT(Id) n FROM Case WHERE ${inRange(SAMPLE)} GROUP BY Sync_Pending__c`;

/** A Case that has left the scope of the sync keeps its key, and has no status: nothing of it leaves. Keys are UUIDs, checked where they came in: they need no escaping. */
export const casesByKeys = (keys: readonly string[], fields: readonly SyncedField[]): string =>
  `SELECT ${caseColumns(fields)} FROM Case WHERE Sync_Key__c IN (${keys.map((key) => `'${key}'`).join(', ')}) AND Sync_Status__c != null`;

export const pendingTombstones = (after: string | null, most: number): string =>
  `SELECT Id, Sync_Key__c, Case_Id__c, Kind__c, Master_Key__c, At__c FROM Sync_Tombstone__c WHERE Pending__c = 'Pending'${page(after, most)}`;

export const SETTINGS =
  'SELECT SetupOwnerId, Paused__c, Poll_Only__c FROM Concord_Operator_Setting__c WHERE Paused__c = TRUE OR Poll_Only__c = TRUE';

/** The control records (class SyncControls) of all flows, and of this one. */
export const CONTROL_KEYS = { forAll: 'Default', own: 'flow:cases' };

export const CONTROL = `SELECT Id, Key__c, Active__c, Org_Id__c, Paused__c, Swept_At__c FROM Sync_Control__c WHERE Key__c IN ('${CONTROL_KEYS.forAll}', '${CONTROL_KEYS.own}')`;

export const SYNCED_FIELDS =
  "SELECT Field__c, Owner__c FROM Synced_Field__mdt WHERE Active__c = TRUE AND Flow__c = 'cases' ORDER BY Field__c";
