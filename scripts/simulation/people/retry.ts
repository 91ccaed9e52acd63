import { requestAgain } from '../../../src/reconciliation/org/request-again.ts';
import { salesforceOf } from '../salesforce-of.ts';
import type { World } from '../world.ts';

export interface Attempts {
  Sync_Key__c: string;
  Sync_Version__c: number;
  Sync_Attempt__c: number;
  Sync_First_Attempt__c: number | null;
}

const attempts = (world: World, condition: string): Promise<Attempts[]> =>
  world.query<Attempts>(
    `SELECT Sync_Key__c, Sync_Version__c, Sync_Attempt__c, Sync_First_Attempt__c FROM Case WHERE ${condition} ORDER BY Id`,
  );

/** What waits for a person: of what was deleted outside, a retry would bring nothing back. */
export const givenUp = (world: World): Promise<Attempts[]> =>
  attempts(world, "Sync_Status__c = 'Failed' AND Sync_Error_Code__c != 'DELETED_OUTSIDE'");

/** An agent retries it. */
export const retry = (world: World, rows: Attempts[]): Promise<unknown> =>
  requestAgain(
    salesforceOf(world),
    rows.map((row) => ({ key: row.Sync_Key__c, version: row.Sync_Version__c, attempt: row.Sync_Attempt__c })),
  );

/** Keys of the Cases that the chaos has left no attempt: what it lost of them is found when they are given up. */
export const wornOut = async (world: World): Promise<Set<string>> => {
  const [settings] = await world.query<{ Max_Attempts__c: number }>(
    "SELECT Max_Attempts__c FROM Concord_Setting__mdt WHERE DeveloperName = 'Default'",
  );
  const pending = await attempts(world, 'Sync_Pending__c != null');
  const worn = pending.filter(
    (row) => row.Sync_Attempt__c - (row.Sync_First_Attempt__c ?? 0) + 1 >= settings!.Max_Attempts__c,
  );
  return new Set(worn.map(({ Sync_Key__c: key }) => key));
};
