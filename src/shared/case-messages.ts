/**
 * The messages of the Case flow, as they cross HTTP between the middle layer and the external
 * system. See docs/case-protocol.md for who sends what when.
 */

/** A field value on the wire: text, number, boolean, or null. Dates are `YYYY-MM-DD`, datetimes ISO 8601 in UTC with whole seconds (`2026-11-21T07:30:00Z`). */
export type Scalar = string | number | boolean | null;
/** Salesforce field API name to value. */
export type Values = Record<string, Scalar>;
export type Owner = 'Salesforce' | 'External';

interface Message {
  /** Unique for each sending of content; a redelivery repeats it. */
  id: string;
  /** `Sync_Key__c`, a lower-case UUID: the identity of the record on every side. */
  key: string;
}

/** Create or update, with the full current state (steps 2 and 9). */
export interface RequestMessage extends Message {
  kind: 'request';
  /** `<org id>:<key>:<version>`. */
  idempotencyKey: string;
  orgId: string;
  version: number;
  /** 0 for the first request of a version; the reconciliation job and a manual retry raise it. */
  attempt: number;
  /** The requesting Case, or null (intake). Origin only: it never becomes `salesforceCaseId`. */
  originCaseId: string | null;
  /** The external revision whose values Salesforce last stored, or null. Basis of the three-way merge. */
  baseRevision: number | null;
  values: Values;
  /** Intake only: fields Salesforce never stores. */
  extra?: Values;
  /** Owner of each synced field, for conflicts. */
  owners: Record<string, Owner>;
}

/** How Salesforce's write of `revision` went (step 4). */
export interface AcknowledgeMessage extends Message {
  kind: 'acknowledge';
  externalId: string;
  revision: number;
  success: boolean;
  errorCode?: string;
  message?: string;
}

/** The Case id for the external record (step 5). */
export interface WriteBackMessage extends Message {
  kind: 'writeBack';
  externalId: string;
  salesforceCaseId: string;
  version: number;
}

/**
 * A Case was deleted, merged away or undeleted in Salesforce: recorded and reported, never acted on silently.
 * It is sent again until `deletionRecorded` comes back.
 */
export interface SalesforceDeletionMessage extends Message {
  kind: 'deletion';
  caseId: string;
  reason: 'Deleted' | 'Merged' | 'Undeleted';
  masterKey: string | null;
  /** ISO 8601. */
  at: string;
  /** The `Sync_Tombstone__c` that tells it: the confirmation names it again. */
  tombstoneId: string;
}

export type ToExternal = RequestMessage | AcknowledgeMessage | WriteBackMessage | SalesforceDeletionMessage;

export interface Conflict {
  field: string;
  owner: Owner;
  kept: Scalar;
  lost: Scalar;
}

/** The external record's current state: the answer to a request, or a change that started outside. */
export interface RecordMessage extends Message {
  kind: 'record';
  externalId: string;
  /** Raised by one with every change of the record's values. */
  revision: number;
  /** The newest request version this state includes; null when no request was ever applied. */
  requestVersion: number | null;
  salesforceCaseId: string | null;
  originCaseId: string | null;
  values: Values;
  conflicts?: Conflict[];
  /** True when a poller triggered it again. */
  retriggered: boolean;
}

/** The external system refused a request. Retryable by a person or the job; nothing is remembered under its idempotency key. */
export interface RefusedMessage extends Message {
  kind: 'refused';
  version: number;
  attempt: number;
  errorCode: string;
  message: string;
  field: string | null;
  /** The record as it stands, or null when there is none. */
  record: RecordMessage | null;
}

/** The external record now holds the Case id (evidence for `Success`). */
export interface WriteBackConfirmedMessage extends Message {
  kind: 'writeBackConfirmed';
  externalId: string;
  salesforceCaseId: string;
  version: number;
}

/** The external system has written the deletion or restoration down (evidence that the tombstone is done with). */
export interface DeletionRecordedMessage extends Message {
  kind: 'deletionRecorded';
  tombstoneId: string;
}

/** The external record was deleted. Acknowledged like a record; triggered again until it is. */
export interface ExternalDeletionMessage extends Message {
  kind: 'deleted';
  externalId: string;
  revision: number;
  at: string;
}

export type FromExternal =
  RecordMessage | RefusedMessage | WriteBackConfirmedMessage | DeletionRecordedMessage | ExternalDeletionMessage;

/** Body of `POST /v1/messages` on either side: at most 200 messages. */
export interface MessageBatch<M> {
  messages: M[];
}

/** One line per message, in order. `accepted` promises that the receiver has committed it. */
export type MessageReceipt =
  | { id: string; accepted: true }
  | { id: string; accepted: false; retryable: boolean; errorCode: string; message: string };

export interface MessageReceipts {
  results: MessageReceipt[];
}

export const MESSAGE_BATCH_LIMIT = 200;
