import { requestAgain } from '../../compared/request-again.ts';
import { salesforceOf } from '../../../../simulation/salesforce-of.ts';
import type { Scene } from '../scene.ts';

interface Refused {
  Sync_Key__c: string;
  Sync_Version__c: number;
  Sync_Attempt__c: number;
}

/**
 * An agent retries what was refused until no attempt was left. Of what was deleted outside, a retry would bring
 * nothing back. What only waits for an answer or a confirmation needs nobody: there the simulation lets people do nothing.
 */
export const retryRefused = async (scene: Scene): Promise<void> => {
  const rows = await scene.world.query<Refused>(
    "SELECT Sync_Key__c, Sync_Version__c, Sync_Attempt__c FROM Case WHERE Sync_Status__c = 'Failed' AND Sync_Error_Code__c NOT IN ('DELETED_OUTSIDE', 'NO_ANSWER', 'NO_CONFIRMATION') ORDER BY Id",
  );
  await requestAgain(
    salesforceOf(scene.world),
    rows.map((row) => ({ key: row.Sync_Key__c, version: row.Sync_Version__c, attempt: row.Sync_Attempt__c })),
  );
};
