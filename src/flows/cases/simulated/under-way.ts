import { REACHABLE } from '../../../external-system/db/records.ts';
import { unsavedStates, withBeside } from './beside.ts';
import type { World } from '../../../simulation/world.ts';

interface PendingCase {
  Id: string;
  Sync_Key__c: string;
  Sync_Status__c: string;
  Sync_Pending__c: string | null;
}

/** What either side of the Case flow still waits for, a line each. */
export const underWay = async (world: World): Promise<string[]> => {
  const cases = world.query<PendingCase>(
    'SELECT Id, Sync_Key__c, Sync_Status__c, Sync_Pending__c, Sync_Version__c, External_Revision__c FROM Case ORDER BY Id',
  );
  const inside = (await withBeside(world, cases)).filter(({ Sync_Pending__c: pending }) => pending !== null);
  const tombstones = await world.query<{ Sync_Key__c: string }>(
    "SELECT Sync_Key__c FROM Sync_Tombstone__c WHERE Pending__c = 'Pending' ORDER BY Id",
  );
  // a walk may wait for its next hour: until it has ended it still sends what it finds
  const renewals = await world.query<{ Renewing_Since__c: string }>(
    'SELECT Renewing_Since__c FROM Sync_Control__c WHERE Renewing_Since__c != null',
  );
  const outside = await world.db.query<{ line: string }>(
    `SELECT 'outside ' || kind || ' of ' || key || ' is queued' AS line FROM outbox WHERE state = 'queued'
     UNION ALL
     SELECT 'record of ' || key || ' is ' || sync_status || ', Case id ' || coalesce(salesforce_case_id, 'missing') FROM case_record
      WHERE sync_next_at IS NOT NULL AND ${REACHABLE}
     UNION ALL
     SELECT 'the request ' || key || ' has no answer' AS line FROM intake WHERE answered_at IS NULL
     ORDER BY 1`,
  );
  return [
    ...inside.map((row) => `Case of ${row.Sync_Key__c} is ${row.Sync_Status__c}, pending ${row.Sync_Pending__c}`),
    ...tombstones.map(({ Sync_Key__c: key }) => `the tombstone of ${key} is pending`),
    ...renewals.map(({ Renewing_Since__c: since }) => `the renewal of ${since} has not ended`),
    ...(await unsavedStates(world)),
    ...outside.map(({ line }) => line),
  ];
};
