import type { Connection } from '@salesforce/core';
import { hasKeyWithin } from '../../../../reconciliation/sides/key-range.ts';
import { WHOLE_RANGE } from '../../../../reconciliation/types.ts';

export interface SalesforceCase {
  id: string;
  key: string;
  status: string | null;
  version: number;
  pending: string | null;
  externalId: string | null;
  errorCode: string | null;
  error: string | null;
  values: Record<string, unknown>;
}

export interface SalesforceSide {
  cases: SalesforceCase[];
  /** The synced fields, as the org's own metadata lists them, and their types. */
  fields: { name: string; type: string }[];
  /** Keys of Cases that were deleted or merged away. */
  deleted: Set<string>;
}

interface CaseRow {
  [field: string]: unknown;
  Id: string;
  Sync_Key__c: string;
}

/** Reads Salesforce's side through its public query API, every Case that takes part in the sync. */
export const readSalesforce = async (connection: Connection): Promise<SalesforceSide> => {
  const listed = await connection.query<{ Field__c: string }>(
    "SELECT Field__c FROM Synced_Field__mdt WHERE Active__c = TRUE AND Flow__c = 'cases'",
  );
  const described = await connection.describe('Case');
  const fields = listed.records.map(({ Field__c }) => {
    const field = described.fields.find((candidate) => candidate.name === Field__c);
    if (!field)
      throw new Error(`Synced_Field__mdt lists ${Field__c}, which Case does not have or this user may not see`);
    return { name: field.name, type: field.type };
  });
  const columns = [
    ...new Set([
      'Id',
      'Sync_Key__c',
      'Sync_Status__c',
      'Sync_Version__c',
      'Sync_Pending__c',
      'External_Id__c',
      'Sync_Error_Code__c',
      'Sync_Error__c',
      ...fields.map(({ name }) => name),
    ]),
  ];
  const result = await connection.query<CaseRow>(
    `SELECT ${columns.join(', ')} FROM Case WHERE ${hasKeyWithin('Sync_Key__c', WHOLE_RANGE)} AND Sync_Status__c != null ORDER BY Id`,
    {
      autoFetch: true,
      maxFetch: 1_000_000,
    },
  );
  const tombstones = await connection.query<{ Sync_Key__c: string; Kind__c: string }>(
    `SELECT Sync_Key__c, Kind__c FROM Sync_Tombstone__c WHERE ${hasKeyWithin('Sync_Key__c', WHOLE_RANGE)} ORDER BY CreatedDate, Id`,
    { autoFetch: true, maxFetch: 1_000_000 },
  );
  const deleted = new Set<string>();
  for (const { Sync_Key__c: key, Kind__c: kind } of tombstones.records) {
    if (kind === 'Undeleted' || kind === 'Entered Scope') deleted.delete(key);
    else deleted.add(key);
  }
  return {
    fields,
    deleted,
    cases: result.records.map((row) => ({
      id: row.Id,
      key: row.Sync_Key__c,
      status: row.Sync_Status__c as string | null,
      version: row.Sync_Version__c as number,
      pending: row.Sync_Pending__c as string | null,
      externalId: row.External_Id__c as string | null,
      errorCode: row.Sync_Error_Code__c as string | null,
      error: row.Sync_Error__c as string | null,
      values: row,
    })),
  };
};
