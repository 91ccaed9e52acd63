import type { ComparedObject, Gone } from '../../../reconciliation/compared-object.ts';
import { externalSide } from '../../../reconciliation/sides/external.ts';
import { chunks, readSyncedFields } from '../../../reconciliation/sides/salesforce-records.ts';
import type { SalesforceClient } from '../../../shared/salesforce/client.ts';
import { isOneOf, timeOf } from '../../../shared/salesforce/soql.ts';
import { CASES } from '../carried/name.ts';
import { lookBeside } from './beside.ts';
import { carryOut } from './carry-out.ts';
import { classify } from './classify.ts';
import { explain } from './explain.ts';
import { KINDS } from './kinds.ts';
import { planRepair, type CaseStep } from './plan.ts';
import { lookUp, readUnsettled } from './registry.ts';
import type { CaseKind, CaseState, RegistryState } from './types.ts';
import { undoOfCases } from './undo.ts';

/** What a tombstone says of where its Case is; others say nothing of it. */
const GONE: Record<string, Gone | 'back'> = {
  Deleted: 'deleted',
  Merged: 'deleted',
  Archived: 'put away',
  'Left Scope': 'put away',
  Undeleted: 'back',
  'Entered Scope': 'back',
};

/** Of these keys those whose Cases went away and have not come back since. */
const readGone = async (client: SalesforceClient, keys: string[]): Promise<Map<string, Gone>> => {
  const queries = chunks(keys).map(
    (part) =>
      `SELECT Sync_Key__c, Kind__c FROM Sync_Tombstone__c WHERE ${isOneOf('Sync_Key__c', part)} ORDER BY CreatedDate, Id`,
  );
  const gone = new Map<string, Gone>();
  for (const row of (await client.composite(queries)).flat()) {
    const went = GONE[row.Kind__c as string];
    if (went === 'back') gone.delete(row.Sync_Key__c as string);
    else if (went) gone.set(row.Sync_Key__c as string, went);
  }
  return gone;
};

/** Cases and the records of the registry. */
export const comparedCase: ComparedObject<CaseState, RegistryState, CaseKind, CaseStep> = {
  flow: CASES,
  object: 'Case',
  names: { one: 'Case', many: 'Cases' },
  prefix: '500',
  kinds: KINDS,
  inside: {
    key: 'Sync_Key__c',
    columns: [
      'Sync_Status__c',
      'Sync_Version__c',
      'Sync_Attempt__c',
      'Sync_Pending__c',
      'Sync_Requested_At__c',
      'External_Id__c',
      'External_Revision__c',
      'Sync_Error_Code__c',
    ],
    // through the indexes of the pending field and of the error code, which every failed Case has: both ranges are all codes
    unsettled: [
      "Sync_Pending__c IN ('Request', 'WriteBack', 'Retry')",
      "(Sync_Error_Code__c < 'M' OR Sync_Error_Code__c >= 'M') AND Sync_Status__c = 'Failed' AND Sync_Pending__c = null",
    ],
    readFields: (client) => readSyncedFields(client, CASES, 'Case'),
    stateOf: (row, base) => ({
      ...base,
      status: row.Sync_Status__c as CaseState['status'],
      version: Number(row.Sync_Version__c ?? 0),
      attempt: Number(row.Sync_Attempt__c ?? 0),
      pending: row.Sync_Pending__c as CaseState['pending'],
      requestedAt: timeOf(row.Sync_Requested_At__c),
      externalId: row.External_Id__c as string | null,
      externalRevision: row.External_Revision__c == null ? null : Number(row.External_Revision__c),
      errorCode: row.Sync_Error_Code__c as string | null,
    }),
    synced: 'Sync_Status__c != null',
    readGone,
  },
  outside: {
    digests: (request) => externalSide((path) => request('GET', path)),
    lookUp,
    readUnsettled,
    standsFor: ({ salesforceCaseId, originCaseId }) => ({ id: salesforceCaseId, origin: originCaseId }),
  },
  classify,
  lookBeside,
  explain,
  plan: planRepair,
  carryOut,
  undo: undoOfCases,
};
