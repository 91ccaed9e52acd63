import { requestAgain } from '../../compared/request-again.ts';
import { salesforceOf } from '../../../../simulation/salesforce-of.ts';
import { Violation } from '../../../../simulation/process.ts';
import type { Scene } from '../scene.ts';
import type { Action } from './types.ts';

interface Refused {
  Id: string;
  Sync_Key__c: string;
  Sync_Version__c: number;
  Sync_Attempt__c: number;
}

/**
 * What was refused until no attempt was left. Of what was deleted outside, a retry would bring nothing back. What only
 * waits for an answer or a confirmation needs nobody: there the simulation lets people do nothing.
 */
const refused = (scene: Scene): Promise<Refused[]> =>
  scene.world.query<Refused>(
    "SELECT Id, Sync_Key__c, Sync_Version__c, Sync_Attempt__c FROM Case WHERE Sync_Status__c = 'Failed' AND Sync_Error_Code__c NOT IN ('DELETED_OUTSIDE', 'NO_ANSWER', 'NO_CONFIRMATION') ORDER BY Id",
  );

/** All of them at once, as reconciliation asks for them. */
export const retryRefused = async (scene: Scene): Promise<void> => {
  const rows = await refused(scene);
  await requestAgain(
    salesforceOf(scene.world),
    rows.map((row) => ({ key: row.Sync_Key__c, version: row.Sync_Version__c, attempt: row.Sync_Attempt__c })),
  );
};

/** An agent retries some, and one that is not there to be retried, with the button of the page. */
export const retrySome: Action = async (scene) => {
  const chosen = (await refused(scene)).filter(() => scene.random.next() < 0.5);
  const [other] = await scene.world.query<{ Id: string }>(
    "SELECT Id FROM Case WHERE Sync_Status__c = 'Success' ORDER BY Id LIMIT 1",
  );
  const ids = [...chosen, ...(other ? [other] : [])].map(({ Id }) => `'${Id}'`);
  if (ids.length === 0) return;
  const versionOf = async (): Promise<unknown> =>
    other && (await scene.world.query(`SELECT Sync_Version__c, Sync_Attempt__c FROM Case WHERE Id = '${other.Id}'`));
  const before = JSON.stringify(await versionOf());
  scene.world.apex(`CaseRetryService.retry(new Set<Id>{ ${ids.join(', ')} });`);
  if (JSON.stringify(await versionOf()) !== before)
    throw new Violation(`a retry sent the Case ${other!.Id} again, which had not failed`);
};
