/** Rows of the REST API in the words of the port. */
import type { Scalar, Values } from '../../../../shared/case-messages.ts';
import { seconds, timeOf } from '../../../../shared/salesforce/soql.ts';
import { badAnswer } from '../../../../middle-layer/clients/http-status.ts';
import { readable, type PendingCase, type SyncedField, type Tombstone } from './port.ts';

import type { Row } from '../../../../middle-layer/clients/salesforce/rows.ts';

/** `2026-11-21T07:30:00.000+0000` → `2026-11-21T07:30:00Z`: Salesforce stores whole seconds. Null: it is no time. */
const wireTime = (value: string): string | null => {
  const time = timeOf(value);
  return time === null ? null : seconds(new Date(time).toISOString());
};

const numberOrNull = (value: Scalar | undefined): number | null => (typeof value === 'number' ? value : null);
const textOrNull = (value: Scalar | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

const timeOrNull = (value: Scalar | undefined): string | null => {
  const text = textOrNull(value);
  return text === null ? null : wireTime(text);
};

const isTime = ({ type }: SyncedField, value: Scalar): value is string =>
  type === 'datetime' && typeof value === 'string';

/** A time that cannot be read stays as it came: `unreadable` names it, and its Case fails alone. */
const valuesOf = (row: Row, fields: readonly SyncedField[]): Values =>
  Object.fromEntries(
    readable(fields).map((field) => {
      const value = row[field.name] ?? null;
      return [field.name, isTime(field, value) ? (wireTime(value) ?? value) : value];
    }),
  );

const unreadable = (row: Row, fields: readonly SyncedField[]): { unreadable?: string } => {
  const found = readable(fields).find((field) => {
    const value = row[field.name] ?? null;
    return isTime(field, value) && wireTime(value) === null;
  });
  return found ? { unreadable: found.name } : {};
};

/** Every row that was asked for its Id has one. */
const idOf = ({ Id: id }: Row): string => {
  if (typeof id !== 'string') throw badAnswer('a query', 'answered a row without its Id');
  return id;
};

export const caseOf = (row: Row, fields: readonly SyncedField[]): PendingCase => ({
  id: idOf(row),
  accountId: textOrNull(row.AccountId),
  key: String(row.Sync_Key__c),
  version: Number(row.Sync_Version__c),
  attempt: numberOrNull(row.Sync_Attempt__c) ?? 0,
  pending: textOrNull(row.Sync_Pending__c) as PendingCase['pending'],
  externalId: textOrNull(row.External_Id__c),
  revision: numberOrNull(row.External_Revision__c),
  baseRevision: numberOrNull(row.Sync_Base_Revision__c),
  requestedAt: timeOrNull(row.Sync_Requested_At__c),
  digest: numberOrNull(row.Digest_D__c),
  values: valuesOf(row, fields),
  ...unreadable(row, fields),
});

export const tombstoneOf = (row: Row): Tombstone => ({
  id: idOf(row),
  key: String(row.Sync_Key__c),
  caseId: String(row.Case_Id__c),
  reason: String(row.Kind__c) as Tombstone['reason'],
  masterKey: textOrNull(row.Master_Key__c),
  at: wireTime(String(row.At__c)) ?? '',
});
