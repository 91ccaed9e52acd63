import type { ExternalState, SalesforceState } from '../../../reconciliation/types.ts';

/** A Case as reconciliation sees it. */
export interface CaseState extends SalesforceState {
  status: 'In Progress' | 'Success' | 'Failed' | null;
  version: number;
  attempt: number;
  pending: 'Request' | 'WriteBack' | 'Retry' | null;
  /** Epoch milliseconds. */
  requestedAt: number | null;
  externalRevision: number | null;
  errorCode: string | null;
}

/** The job's own verdicts, no refusals: no answer to a version came, or no confirmation of the Case id. */
const UNANSWERED: Record<string, 'Request' | 'WriteBack'> = { NO_ANSWER: 'Request', NO_CONFIRMATION: 'WriteBack' };

/**
 * What the Case still waits for, also when the job has given it up and only asks at a slow pace. Null: it is at rest,
 * or was refused. A Case that an older job gave up has the code alone.
 */
export const awaitedBy = ({ status, pending, errorCode }: CaseState): 'Request' | 'WriteBack' | null => {
  if (pending === 'Request' || pending === 'WriteBack') return pending;
  return status === 'Failed' && pending === null ? (UNANSWERED[errorCode ?? ''] ?? null) : null;
};

/** A record of the registry as reconciliation sees it. */
export interface RegistryState extends ExternalState {
  requestVersion: number | null;
  salesforceCaseId: string | null;
  /** The Case that first asked for the record; it may never have been confirmed. */
  originCaseId: string | null;
  syncStatus: 'In Progress' | 'Success' | 'Failed';
  /** Salesforce told that the Case was deleted or merged away. */
  deletedInSalesforce: boolean;
  /** Salesforce told that the Case was archived, or left the scope of the sync: the record is valid, and not compared. */
  putAway: boolean;
}

export type CaseKind =
  | 'missing in Salesforce'
  | 'missing outside'
  | 'field mismatch'
  | 'lost acknowledgement'
  | 'lost write-back'
  | 'stuck in progress'
  | 'failed'
  | 'duplicate'
  | 'orphaned by deletion'
  | 'version skew'
  | 'bypassed trigger'
  | 'state not stored';
