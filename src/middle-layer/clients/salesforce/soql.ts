/** What a sweep reads: see docs/case-protocol.md, "Fields on Case". */
import { readable, type SyncedField } from './port.ts';

const CASE_FIELDS = [
  'Id',
  'AccountId',
  'Sync_Key__c',
  'Sync_Version__c',
  'Sync_Attempt__c',
  'Sync_Pending__c',
  'External_Id__c',
  'Sync_Base_Revision__c',
];

const caseColumns = (fields: readonly SyncedField[]): string =>
  [...CASE_FIELDS, ...readable(fields).map(({ name }) => name)].join(', ');

/** Oldest first by Id: pages stay stable, and nothing waits behind what keeps changing. */
export const pendingCases = (fields: readonly SyncedField[]): string =>
  `SELECT ${caseColumns(fields)} FROM Case WHERE Sync_Pending__c IN ('Request', 'WriteBack') ORDER BY Id`;

/** `key` is a UUID, checked where it came in: it needs no escaping. */
export const caseByKey = (key: string, fields: readonly SyncedField[]): string =>
  `SELECT ${caseColumns(fields)} FROM Case WHERE Sync_Key__c = '${key}'`;

export const PENDING_TOMBSTONES =
  "SELECT Id, Sync_Key__c, Case_Id__c, Kind__c, Master_Key__c, At__c FROM Sync_Tombstone__c WHERE Pending__c = 'Pending' ORDER BY Id";

export const SETTINGS = "SELECT Paused__c FROM Concord_Setting__mdt WHERE DeveloperName = 'Default'";

export const CONTROL = "SELECT Active__c, Org_Id__c FROM Sync_Control__c WHERE Key__c = 'Default'";

export const SYNCED_FIELDS =
  'SELECT Field__c, Owner__c FROM Synced_Field__mdt WHERE Active__c = TRUE ORDER BY Field__c';
