/**
 * The messages of the Case flow, as they cross HTTP between the middle layer and the external
 * system. See docs/case-protocol.md for who sends what when.
 */

import type { Owner, Scalar, Values } from './values.ts';

export type { Owner, Scalar, Values } from './values.ts';

interface Message {
  /** Unique for each sending of content; a redelivery repeats it. */
  id: string;
  /** `Sync_Key__c`, a lower-case UUID: the identity of the record on every side. */
  key: string;
}

/** Create or update, with the full current state. */
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
  /** The newest external revision that Salesforce or the middle layer has seen of the key; null when none. */
  seenRevision?: number | null;
  /** The mark of that revision (`RecordMessage.lineage`), as far as the middle layer knows it. */
  seenMark?: string | null;
  /** `External_Revision__c`: the newest external revision that the Case itself has seen; null when none. */
  caseRevision?: number | null;
  /** The number that Salesforce holds of the record, or null. */
  externalId?: string | null;
  /** `Sync_Requested_At__c`, by Salesforce's clock: ISO 8601 with whole seconds; null when the Case has none. */
  requestedAt?: string | null;
  /** `Digest_D__c`: what the Case holds, so that two versions of one number can be told apart; null when it has none. */
  digest?: number | null;
}

/** How Salesforce's write of `revision` went. */
export interface AcknowledgeMessage extends Message {
  kind: 'acknowledge';
  externalId: string;
  revision: number;
  success: boolean;
  errorCode?: string;
  message?: string;
  /** The newest revision that the other side has seen of the key; null or absent when it says nothing of that. */
  seenRevision?: number | null;
  /** The mark of a revision that the other side has seen (`RecordMessage.lineage`). */
  seenMark?: string | null;
}

/** That Salesforce stored a revision, as another message says it beside what it is about. */
export type Acknowledged = Pick<AcknowledgeMessage, 'revision' | 'seenRevision' | 'seenMark'>;

/** The Case id for the external record. */
export interface WriteBackMessage extends Message {
  kind: 'writeBack';
  externalId: string;
  salesforceCaseId: string;
  version: number;
  /**
   * The revision that Salesforce stored when it asked for the write-back: then no `acknowledge` of it comes. The
   * receiver does both or neither, and its receipt says so: whose receipt does not is told by an `acknowledge` of its own.
   * Absent when nothing is to be acknowledged.
   */
  acknowledges?: Acknowledged;
}

/** Why a Case is not there for the external system any more. The last two leave its record valid: it is only not compared. */
export type Gone = 'Deleted' | 'Merged' | 'Archived' | 'Left Scope';
/** Why it is there again. */
export type Back = 'Undeleted' | 'Entered Scope';

export const isBack = (reason: Gone | Back): reason is Back => reason === 'Undeleted' || reason === 'Entered Scope';

/**
 * A Case was deleted, merged away, archived, undeleted, or left or entered the scope of the sync in Salesforce: recorded
 * and reported, never acted on silently. It is sent again until `deletionRecorded` comes back.
 */
export interface SalesforceDeletionMessage extends Message {
  kind: 'deletion';
  caseId: string;
  reason: Gone | Back;
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
  /** Raised with every change of the record's values: above all that any side is known to have seen. */
  revision: number;
  /** The newest request version this state includes; null when no request was ever applied. */
  requestVersion: number | null;
  /** The `digest` of the request that brought that version. */
  requestDigest?: number | null;
  /**
   * Marks of the newest revisions that this state includes, newest first. Each is drawn once, so that a history which
   * was lost (a backup was put back) can be told from another one that used the same numbers.
   */
  lineage?: string[];
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

/**
 * The other side has seen a revision that the external system does not know: its database was restored to an earlier
 * state. It asks for a request with the Case's full current state, again until one has come.
 */
export interface RequestWantedMessage extends Message {
  kind: 'requestWanted';
  externalId: string;
  /** The record's own revision; null when the external system has no such record. */
  revision: number | null;
  /** What the other side has seen. */
  seenRevision: number;
}

export type FromExternal =
  | RecordMessage
  | RefusedMessage
  | WriteBackConfirmedMessage
  | DeletionRecordedMessage
  | ExternalDeletionMessage
  | RequestWantedMessage;

/** A record tells at most so many marks. */
export const LINEAGE_LENGTH = 32;

/** Body of `POST /v1/messages` on either side: at most 200 messages. */
export interface MessageBatch<M> {
  messages: M[];
}

/**
 * One line for each message, in order. `accepted` promises that the receiver has committed it. An external system that
 * knows its answer at once may return it here: `answers` are messages as they would else come by `POST /v1/messages` of
 * the middle layer, about the key of the message. Whoever sent the message repeats it until it has the receipt, so
 * these answers are not sent again by themselves.
 */
export type MessageReceipt =
  | {
      id: string;
      accepted: true;
      answers?: FromExternal[];
      /** Of a write-back: what it acknowledges was taken. Absent of an external system that does not know `acknowledges`. */
      acknowledges?: true;
    }
  | { id: string; accepted: false; retryable: boolean; errorCode: string; message: string };

export interface MessageReceipts {
  results: MessageReceipt[];
}

export const MESSAGE_BATCH_LIMIT = 200;
