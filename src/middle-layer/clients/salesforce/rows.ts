/** Rows of the REST API in the words of the port. */
import type { Scalar, Values } from '../../../shared/case-messages.ts';
import { readable, type PendingCase, type SyncedField, type Tombstone } from './port.ts';

export type Row = Record<string, Scalar>;

/** `2026-11-21T07:30:00.000+0000` → `2026-11-21T07:30:00Z`: Salesforce stores whole seconds. */
export const wireTime = (value: string): string => {
  const time = Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  if (Number.isNaN(time)) throw new Error(`Salesforce sent a time that cannot be read: ${value.length} characters`);
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
};

const numberOrNull = (value: Scalar | undefined): number | null => (typeof value === 'number' ? value : null);
const textOrNull = (value: Scalar | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

const valuesOf = (row: Row, fields: readonly SyncedField[]): Values =>
  Object.fromEntries(
    readable(fields).map(({ name, type }) => {
      const value = row[name] ?? null;
      return [name, type === 'datetime' && typeof value === 'string' ? wireTime(value) : value];
    }),
  );

export const caseOf = (row: Row, fields: readonly SyncedField[]): PendingCase => ({
  id: String(row.Id),
  accountId: textOrNull(row.AccountId),
  key: String(row.Sync_Key__c),
  version: Number(row.Sync_Version__c),
  attempt: numberOrNull(row.Sync_Attempt__c) ?? 0,
  pending: textOrNull(row.Sync_Pending__c) as PendingCase['pending'],
  externalId: textOrNull(row.External_Id__c),
  baseRevision: numberOrNull(row.Sync_Base_Revision__c),
  values: valuesOf(row, fields),
});

export const tombstoneOf = (row: Row): Tombstone => ({
  id: String(row.Id),
  key: String(row.Sync_Key__c),
  caseId: String(row.Case_Id__c),
  reason: String(row.Kind__c) as Tombstone['reason'],
  masterKey: textOrNull(row.Master_Key__c),
  at: wireTime(String(row.At__c)),
});
