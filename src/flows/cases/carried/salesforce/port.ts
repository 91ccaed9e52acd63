/** Salesforce as the Case flow needs it: see docs/case-protocol.md. Implementations reject with the errors of `../errors.ts`. */
import type { Range } from '../../../../reconciliation/types.ts';
import type { Owner, SalesforceDeletionMessage, Values } from '../../../../shared/case-messages.ts';

export type Pending = 'Request' | 'WriteBack';

/** A field of Case that is synced, as Salesforce's settings and schema say. */
export interface SyncedField {
  name: string;
  owner: Owner;
  /** Lower-case type of the REST API's describe: `string`, `datetime`, …; null when Case has no such field that this user may read. */
  type: string | null;
}

/** The fields that can be read and sent. The others are reported, and go on missing until someone acts. */
export const readable = (fields: readonly SyncedField[]): SyncedField[] => fields.filter(({ type }) => type !== null);

export interface PendingCase {
  id: string;
  accountId: string | null;
  key: string;
  version: number;
  attempt: number;
  /** Empty when the Case was read by key and nothing is pending. */
  pending: Pending | 'Retry' | null;
  externalId: string | null;
  /** The newest external revision that the Case has seen. */
  revision: number | null;
  baseRevision: number | null;
  /** ISO 8601 with whole seconds, by Salesforce's clock. */
  requestedAt: string | null;
  /** What the Case holds, as one number. */
  digest: number | null;
  values: Values;
  /** The field whose value cannot be read, when there is one. */
  unreadable?: string;
}

export interface Tombstone {
  id: string;
  key: string;
  caseId: string;
  reason: SalesforceDeletionMessage['reason'];
  masterKey: string | null;
  /** ISO 8601; empty when it cannot be read. */
  at: string;
}

export interface CaseSettings {
  /** The org that the settings were made for, or null when they name none. */
  orgId: string | null;
  paused: boolean;
  /** No events are published: there is nothing to listen to. */
  pollOnly: boolean;
  /** The heartbeat that was told last, in ISO 8601, as it stood before the sweep told one; null: none. */
  sweptAt: string | null;
}

/** Which part of the pending work a sweep reads: pages in the order of ids. */
export interface SweepPage {
  /** At most this many Cases, and as many tombstones; 0: settings only. At most 2,000, what one response of the REST API holds. */
  most: number;
  /** The ids that the page before ended with, or null at the start. */
  casesAfter: string | null;
  tombstonesAfter: string | null;
  /** The part of the keys whose Cases are read; null or left out: all of them. */
  slice?: Range | null;
}

/** How many Cases a sample of the keys has (`SAMPLE`), and how many of these a sweep would read. */
export interface Sampled {
  cases: number;
  pending: number;
}

/** What a sweep tells the org: the scheduled job does not ask again for what could not be carried yet. */
export interface Heartbeat {
  /** ISO 8601, by the middle layer's clock. */
  sweptAt: string;
  /** Since when all that is pending has been read and can leave; null while it has not, or cannot. */
  clearSince: string | null;
  /** Until when the middle layer looks by itself, so that no event is needed; left out: as it was told before. */
  awakeUntil?: string;
}

/** What one sweep sees. */
export interface Sweep {
  /** The org that answered. */
  orgId: string;
  settings: CaseSettings;
  fields: SyncedField[];
  cases: PendingCase[];
  tombstones: Tombstone[];
  /** Whether more are pending behind the last one read. */
  moreCases: boolean;
  moreTombstones: boolean;
}

export interface ApplyRecord {
  key: string;
  /** The origin Case: a hint for matching. */
  caseId: string | null;
  externalId: string;
  revision: number;
  requestVersion: number | null;
  requestDigest: number | null;
  salesforceCaseId: string | null;
  values: Values;
}

export interface AcknowledgeRecord {
  key: string;
  version: number;
  attempt: number;
  errorCode: string;
  message: string;
  externalId?: string;
  revision?: number;
}

export interface WriteBackRecord {
  key: string;
  caseId: string;
  externalId: string;
  version: number;
}

export interface DeletionRecord {
  key: string;
  externalId: string;
  revision: number;
  at: string;
}

/** `REQUESTED`: the Case was read, and its request follows. */
export type Outcome = 'APPLIED' | 'RECORDED' | 'CREATED' | 'IGNORED' | 'REFUSED' | 'NOT_FOUND' | 'REQUESTED';

/** Salesforce's line about one record. */
export interface RecordResult {
  key: string;
  outcome: Outcome;
  caseId: string | null;
  version: number | null;
  status: string | null;
  /** The newest external revision that the Case has seen. */
  revision: number | null;
  writeBack: boolean;
  retryable: boolean;
  errorCode: string | null;
  message: string | null;
  fields: string[];
}

/** A line that says nothing yet. */
export const blankLine = (key: string): RecordResult => ({
  key,
  outcome: 'IGNORED',
  caseId: null,
  version: null,
  status: null,
  revision: null,
  writeBack: false,
  retryable: false,
  errorCode: null,
  message: null,
  fields: [],
});

export interface SalesforcePort {
  /**
   * Reads settings and a page of pending work in one API call, and tells the org the heartbeat, if one is given.
   * `known` are the fields to read of each Case.
   */
  sweep(known: readonly SyncedField[], page: SweepPage, heartbeat?: Heartbeat | null): Promise<Sweep>;
  /** Counts a sample of the Cases: one API call, quick however many there are. */
  sample(): Promise<Sampled>;
  /** Those of at most 200 keys that a Case has, as the Cases are now: one API call, or a few when the rows are large. */
  readCases(keys: readonly string[], fields: readonly SyncedField[]): Promise<PendingCase[]>;
  apply(records: readonly ApplyRecord[]): Promise<RecordResult[]>;
  acknowledge(records: readonly AcknowledgeRecord[]): Promise<RecordResult[]>;
  writeBack(records: readonly WriteBackRecord[]): Promise<RecordResult[]>;
  deletion(records: readonly DeletionRecord[]): Promise<RecordResult[]>;
  /** Marks swept tombstones as delivered; one result an id, in order. */
  tombstonesDelivered(ids: readonly string[]): Promise<RecordResult[]>;
  /** API calls made since the last time this was asked. */
  takeCallCount(): number;
}
