/** What a Case tells about its sync (docs/case-protocol.md), read from the record of the page. */
import { getFieldValue } from 'lightning/uiRecordApi';
import type { FieldId, RecordRepresentation } from 'lightning/uiRecordApi';
import STATUS from '@salesforce/schema/Case.Sync_Status__c';
import PENDING from '@salesforce/schema/Case.Sync_Pending__c';
import VERSION from '@salesforce/schema/Case.Sync_Version__c';
import ATTEMPT from '@salesforce/schema/Case.Sync_Attempt__c';
import REQUESTED_AT from '@salesforce/schema/Case.Sync_Requested_At__c';
import NEXT_ATTEMPT from '@salesforce/schema/Case.Sync_Next_Attempt__c';
import ERROR_CODE from '@salesforce/schema/Case.Sync_Error_Code__c';
import ERROR_TEXT from '@salesforce/schema/Case.Sync_Error__c';
import EXTERNAL_ID from '@salesforce/schema/Case.External_Id__c';

export const SYNC_FIELDS = [
  STATUS,
  PENDING,
  VERSION,
  ATTEMPT,
  REQUESTED_AT,
  NEXT_ATTEMPT,
  ERROR_CODE,
  ERROR_TEXT,
  EXTERNAL_ID,
];

/** Null where a field is empty or the person may not see it, except the status. */
export interface SyncFacts {
  /** Undefined when the person may not see it. */
  status: string | null | undefined;
  pending: string | null;
  version: number | null;
  attempt: number | null;
  requestedAt: string | null;
  nextAttempt: string | null;
  errorCode: string | null;
  errorText: string | null;
  externalId: string | null;
}

export function factsOf(record: RecordRepresentation | undefined): SyncFacts {
  const read = <T>(field: FieldId): T | null | undefined => getFieldValue(record, field) as T | null | undefined;
  return {
    status: read<string>(STATUS),
    pending: read<string>(PENDING) ?? null,
    version: read<number>(VERSION) ?? null,
    attempt: read<number>(ATTEMPT) ?? null,
    requestedAt: read<string>(REQUESTED_AT) ?? null,
    nextAttempt: read<string>(NEXT_ATTEMPT) ?? null,
    errorCode: read<string>(ERROR_CODE) ?? null,
    errorText: read<string>(ERROR_TEXT) ?? null,
    externalId: read<string>(EXTERNAL_ID) ?? null,
  };
}
