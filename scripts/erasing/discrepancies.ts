/** The copies of values that reconciliation keeps in the org: fields of `Discrepancy__c`. The findings themselves stay. */
import type { SalesforceClient } from '../../src/shared/salesforce/client.ts';
import { quoted } from '../../src/shared/salesforce/soql.ts';

/** Values of both sides, and texts that may quote them. Not tracked: the object has no history. */
const COPIES = ['Salesforce_Values__c', 'External_Values__c', 'Cause__c', 'Detail__c', 'Outcome__c'];

/** REST API Developer Guide, "sObject Collections". */
const COLLECTION_LIMIT = 200;

export interface DiscrepancyCopies {
  ids: string[];
  values: unknown[];
}

/** Discrepancies of a record that hold values, in the recycle bin too: those cannot be emptied where they lie. */
export const readCopies = async (client: SalesforceClient, flow: string, key: string): Promise<DiscrepancyCopies> => {
  // long texts cannot be filtered: the rows of one record are few
  const rows = await client.query(
    `SELECT Id, ${COPIES.join(', ')} FROM Discrepancy__c WHERE Flow__c = ${quoted(flow)} AND Sync_Key__c = ${quoted(key)}`,
  );
  const holding = rows.filter((row) => COPIES.some((field) => row[field] != null));
  return {
    ids: holding.map(({ Id }) => Id as string),
    values: holding.flatMap((row) => COPIES.map((field) => row[field])),
  };
};

interface Saved {
  success: boolean;
  errors: { statusCode: string; message: string }[];
}

/** Empties them. Throws with Salesforce's own words when one cannot be saved. */
export const eraseCopies = async (client: SalesforceClient, ids: readonly string[]): Promise<void> => {
  const nothing = Object.fromEntries(COPIES.map((field) => [field, null]));
  for (let start = 0; start < ids.length; start += COLLECTION_LIMIT) {
    const records = ids
      .slice(start, start + COLLECTION_LIMIT)
      .map((id) => ({ attributes: { type: 'Discrepancy__c' }, id, ...nothing }));
    const saved = await client.change<Saved[]>('PATCH', '/composite/sobjects', { allOrNone: true, records });
    const failed = saved.find(({ success }) => !success);
    if (failed) {
      const { statusCode, message } = failed.errors[0]!;
      throw new Error(
        `Salesforce did not let the discrepancies be emptied: ${statusCode}: ${message}. This user needs the permission set Concord_Erasure`,
      );
    }
  }
};
