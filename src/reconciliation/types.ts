/** The terms of reconciliation, once for reports, screens and scripts. */
import type { Cell, Table } from './digest/peel.ts';
import type { Element } from './digest/element.ts';
import type { Owner, Scalar } from '../shared/case-messages.ts';

export interface Range {
  /** Of `k1`: from inclusive, to exclusive. */
  from: number;
  to: number;
}

export const WHOLE_RANGE: Range = { from: 0, to: 1_000_000_000 };

/** One side that can sum its digests. Tables hold one element a record; `fold` is the number of cells. */
export interface DigestSide {
  totals(): Promise<Cell>;
  tables(tables: number, fold: number, range: Range): Promise<Table[]>;
}

/** A Case as reconciliation sees it. */
export interface SalesforceState {
  id: string;
  key: string;
  status: 'In Progress' | 'Success' | 'Failed' | null;
  version: number;
  attempt: number;
  pending: 'Request' | 'WriteBack' | 'Retry' | null;
  /** Epoch milliseconds. */
  requestedAt: number | null;
  modifiedAt: number;
  externalId: string | null;
  externalRevision: number | null;
  errorCode: string | null;
  values: Record<string, Scalar>;
  /** As the trigger stored it. */
  digest: Element | null;
}

/** The job's own verdicts, no refusals: no answer to a version came, or no confirmation of the Case id. */
const UNANSWERED: Record<string, 'Request' | 'WriteBack'> = { NO_ANSWER: 'Request', NO_CONFIRMATION: 'WriteBack' };

/**
 * What the Case still waits for, also when the job has given it up and only asks at a slow pace. Null: it is at rest,
 * or was refused. A Case that an older job gave up has the code alone.
 */
export const awaitedBy = ({ status, pending, errorCode }: SalesforceState): 'Request' | 'WriteBack' | null => {
  if (pending === 'Request' || pending === 'WriteBack') return pending;
  return status === 'Failed' && pending === null ? (UNANSWERED[errorCode ?? ''] ?? null) : null;
};

/** The external record as reconciliation sees it. */
export interface ExternalState {
  externalId: string;
  key: string;
  revision: number;
  requestVersion: number | null;
  salesforceCaseId: string | null;
  /** The Case that first asked for the record; it may never have been confirmed. */
  originCaseId: string | null;
  syncStatus: 'In Progress' | 'Success' | 'Failed';
  values: Record<string, Scalar>;
  updatedAt: number;
  deleted: boolean;
  /** Salesforce told that the Case was deleted or merged away. */
  deletedInSalesforce: boolean;
}

export type FieldOwners = Record<string, Owner>;

export type DiscrepancyKind =
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
  | 'bypassed trigger';

export interface FieldDifference {
  field: string;
  owner: Owner;
  salesforce: Scalar;
  external: Scalar;
}

export interface Discrepancy {
  kind: DiscrepancyKind;
  key: string;
  caseId: string | null;
  externalId: string | null;
  fields: FieldDifference[];
  detail: string;
}

/** A discrepancy with both sides as they were compared. */
export interface Compared {
  discrepancy: Discrepancy;
  salesforce: SalesforceState | null;
  external: ExternalState | null;
}
