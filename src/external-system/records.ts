import type {
  ExternalDeletionMessage,
  Gone,
  RecordMessage,
  RequestWantedMessage,
  Values,
} from '../shared/case-messages.ts';

/** That the Case is not there any more in Salesforce, or not for this registry. */
export interface SalesforceDeletion {
  caseId: string;
  reason: Gone;
  masterKey: string | null;
  /** ISO 8601. */
  at: string;
}

/** A row of case_record. */
export interface CaseRecord {
  external_id: string;
  key: string;
  revision: number;
  values: Values;
  extra: Values | null;
  request_version: number | null;
  origin_case_id: string | null;
  salesforce_case_id: string | null;
  sync_status: 'In Progress' | 'Success' | 'Failed';
  sync_error_code: string | null;
  sync_error: string | null;
  sync_attempts: number;
  sync_next_at: Date | null;
  salesforce_deletion: SalesforceDeletion | null;
  lineage: string[];
  acknowledged_revision: number | null;
  seen_revision: number | null;
  seen_mark: string | null;
  requested_at: Date | null;
  request_digest: number | null;
  created_at: Date;
  updated_at: Date;
  deleted_at: Date | null;
}

/** The record as it crosses the wire, without the message's own id. */
export const recordMessage = (record: CaseRecord, retriggered = false): Omit<RecordMessage, 'id'> => ({
  kind: 'record',
  key: record.key,
  externalId: record.external_id,
  revision: record.revision,
  requestVersion: record.request_version,
  requestDigest: record.request_digest,
  lineage: record.lineage,
  salesforceCaseId: record.salesforce_case_id,
  originCaseId: record.origin_case_id,
  values: record.values,
  retriggered,
});

/** That Salesforce's state is needed before the record's own says anything, without the message's own id. */
export const wantedMessage = (record: CaseRecord & { seen_revision: number }): Omit<RequestWantedMessage, 'id'> => ({
  kind: 'requestWanted',
  key: record.key,
  externalId: record.external_id,
  revision: record.revision,
  seenRevision: record.seen_revision,
});

/** That a deleted record is gone, without the message's own id. */
export const deletedMessage = (record: CaseRecord & { deleted_at: Date }): Omit<ExternalDeletionMessage, 'id'> => ({
  kind: 'deleted',
  key: record.key,
  externalId: record.external_id,
  revision: record.revision,
  at: record.deleted_at.toISOString(),
});

/** What tells the other side how the record stands: its values, that it is gone, or that it stands behind what was seen. */
export const currentMessage = (
  record: CaseRecord,
  retriggered = false,
): Omit<RecordMessage, 'id'> | Omit<ExternalDeletionMessage, 'id'> | Omit<RequestWantedMessage, 'id'> => {
  if (record.deleted_at !== null) return deletedMessage({ ...record, deleted_at: record.deleted_at });
  if (record.seen_revision !== null) return wantedMessage({ ...record, seen_revision: record.seen_revision });
  return recordMessage(record, retriggered);
};

/** The record as the registry's own API shows it. */
export const recordView = (record: CaseRecord): Record<string, unknown> => ({
  externalId: record.external_id,
  key: record.key,
  revision: record.revision,
  requestVersion: record.request_version,
  salesforceCaseId: record.salesforce_case_id,
  originCaseId: record.origin_case_id,
  syncStatus: record.sync_status,
  syncErrorCode: record.sync_error_code,
  syncError: record.sync_error,
  syncAttempts: record.sync_attempts,
  values: record.values,
  salesforceDeletion: record.salesforce_deletion,
  createdAt: record.created_at.toISOString(),
  updatedAt: record.updated_at.toISOString(),
  deletedAt: record.deleted_at?.toISOString() ?? null,
});
