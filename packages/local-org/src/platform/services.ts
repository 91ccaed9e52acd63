/**
 * What the standard library needs of the running org beyond the Runtime interface. The transaction
 * runtime implements it; the library reaches it as `$.services`. Everything is synchronous and
 * belongs to one transaction. Apex values cross it in the representation of types.ts; everything
 * else is plain data.
 */
import type { TypeRef } from '../compiler/types.ts';
import type {
  ApprovalOutcome,
  ApprovalRequest,
  AssignmentChoice,
  DuplicateChoice,
  LockOutcome,
  SaveError,
  Schema,
} from '../store/types.ts';
import type { Apex, DmlOperation, Runtime } from './types.ts';
import type { ApexException, ApexFrame } from './values/index.ts';

export type PlatformRuntime = Runtime & { services: Services };

/** `user`: object and field permissions are enforced (AccessLevel.USER_MODE, `as user`). Absent: system mode. */
export type AccessMode = 'user' | 'system';

export interface QueryOptions {
  /** Binds by name without the colon, as Apex values. */
  binds?: Record<string, Apex>;
  access?: AccessMode;
}

export interface DmlRequest {
  operation: DmlOperation;
  /** SObject instances; ids for delete and undelete may come as strings. Ids and system fields are written back into instances that were saved. */
  records: Apex[];
  /** True: the first failure throws DmlException (see values/dml-exception.ts) and nothing is saved. */
  allOrNone: boolean;
  access?: AccessMode;
  /** Upsert: API name of the field to match by. */
  externalIdField?: string;
  /** From Database.DMLOptions. */
  allowTruncation?: boolean;
  /** From Database.DMLOptions; those of a record count where the request says nothing. */
  assignmentRule?: AssignmentChoice;
  /** From Database.DMLOptions, as above. */
  duplicateChoice?: DuplicateChoice;
}

/** What became of one record, in the order of the request. */
export interface DmlOutcome {
  id: string | null;
  success: boolean;
  /** Upsert: a new record was made. */
  created: boolean;
  errors: SaveError[];
}

export interface MergeOutcome extends DmlOutcome {
  mergedRecordIds: string[];
  updatedRelatedIds: string[];
}

export interface CalloutRequest {
  method: string;
  /** As given to setEndpoint: a URL or `callout:Name/path`. */
  endpoint: string;
  /** Names in the spelling of the caller. */
  headers: Record<string, string>;
  body: Uint8Array;
  /** Milliseconds. */
  timeout: number;
}

export interface CalloutResponse {
  status: number;
  statusText: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

export interface UserDetails {
  id: string;
  username: string;
  name: string;
  firstName: string;
  lastName: string;
  email: string;
  profileId: string;
  roleId: string | null;
  userType: string;
  /** `en_US`. */
  locale: string;
  language: string;
  /** IANA name: `America/New_York`. */
  timeZone: string;
  organizationId: string;
  organizationName: string;
  defaultCurrency: string;
  multiCurrency: boolean;
  sessionId: string | null;
}

/** The test that runs, if one does. */
export interface TestSupport {
  /** Test.startTest(): fresh limits; asynchronous work is held until stopTest. */
  startTest(): void;
  /** Runs the held asynchronous work. */
  stopTest(): void;
  /** Mocks by lower-cased interface name (`httpcalloutmock`). */
  setMock(interfaceName: string, mock: Apex): void;
  mock(interfaceName: string): Apex;
  setCreatedDate(recordId: string, epochMs: number): void;
  /** The id of the org's standard price book, whether tests see the org's data or not. */
  standardPricebookId(): string;
  /** Runs event triggers for the events published so far. */
  deliverEvents(): void;
  /** Marks events as failed to publish: publish callbacks see onFailure. */
  failEvents(): void;
  enableChangeDataCapture(): void;
  setFixedSearchResults(ids: string[]): void;
  /** Content of a static resource of the project, for Test.loadData and StaticResourceCalloutMock, or null. */
  staticResource(name: string): Uint8Array | null;
}

/** Where the transaction came from: System.Quiddity in its spelling (`REST`, `ANONYMOUS`, `QUEUEABLE`, …). */
export interface RequestContext {
  requestId: string;
  quiddity: string;
  isBatch: boolean;
  isFuture: boolean;
  isQueueable: boolean;
  isScheduled: boolean;
}

export interface AsyncWork {
  /** Returns the id of the AsyncApexJob. */
  enqueue(job: Apex, options: { delayMinutes?: number; maximumDepth?: number; duplicateSignature?: string }): string;
  executeBatch(job: Apex, scope: number): string;
  /** Returns the id of the CronTrigger. Throws AsyncException / StringException as Salesforce does. */
  schedule(name: string, cron: string, job: Apex): string;
  scheduleBatch(job: Apex, name: string, minutes: number, scope: number): string;
  /** By id of an AsyncApexJob or a CronTrigger. */
  abort(id: string): void;
  attachFinalizer(finalizer: Apex): void;
  /** Depth of the running queueable chain and its maximum (0 = unlimited), or null outside one. */
  depth(): { current: number; maximum: number } | null;
}

/** A platform event trigger that runs, for EventBus.TriggerContext. */
export interface EventTriggerContext {
  retries: number;
  lastError: string | null;
  resumeCheckpoint: string | null;
}

export interface PlatformCache {
  /** Text stored under `<org|session>.<namespace>.<partition>.<key>`, or null. */
  get(key: string): string | null;
  put(key: string, text: string, ttlSeconds: number): void;
  remove(key: string): boolean;
  keys(prefix: string): string[];
}

export interface SentEmail {
  toAddresses: string[];
  ccAddresses: string[];
  bccAddresses: string[];
  targetObjectId: string | null;
  subject: string | null;
  plainTextBody: string | null;
  htmlBody: string | null;
}

export interface SentNotification {
  typeId: string | null;
  title: string;
  body: string;
  targetId: string | null;
  recipients: string[];
}

export interface Services {
  /** Epoch milliseconds. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  log(level: string, text: string): void;
  /** Apex frames of an exception, innermost first, from its JavaScript stack. */
  frames(exception: ApexException): ApexFrame[];
  /** The context user (the one of System.runAs while it runs). */
  user(): UserDetails;

  /** List<SObject> or List<AggregateResult>. Counts toward the limits. */
  query(soql: string, options: QueryOptions): Apex;
  countQuery(soql: string, options: QueryOptions): number;
  /** List<List<SObject>>. */
  search(sosl: string, options: QueryOptions): Apex;
  dml(request: DmlRequest): DmlOutcome[];
  merge(master: Apex, duplicates: Apex[], options: { allOrNone: boolean; access?: AccessMode }): MergeOutcome[];
  emptyRecycleBin(ids: string[], access?: AccessMode): DmlOutcome[];
  /** Each call counts as a DML statement, each request as a row. With `allOrNone` a failure throws DmlException. */
  approvals: {
    process(requests: ApprovalRequest[], allOrNone: boolean): ApprovalOutcome[];
    lock(ids: string[], allOrNone: boolean): LockOutcome[];
    unlock(ids: string[], allOrNone: boolean): LockOutcome[];
    /** Counts toward no limit. */
    locked(ids: string[]): ReadonlySet<string>;
  };
  setSavepoint(): number;
  rollback(savepoint: number): void;
  releaseSavepoint(savepoint: number): void;
  publish(events: Apex[], callback: Apex, access?: AccessMode): DmlOutcome[];
  /** All records of a custom metadata type, a custom setting or RecordType, all fields loaded; counts toward no limit. */
  setupRecords(object: string): Apex[];
  /** Objects and fields of the org. */
  schema(): Schema;
  may: {
    object(object: string, right: 'read' | 'create' | 'edit' | 'delete' | 'viewAll' | 'modifyAll'): boolean;
    field(object: string, field: string, right: 'read' | 'edit'): boolean;
    custom(permission: string): boolean;
  };

  async: AsyncWork;
  /** Sends one callout, real or mocked at the wire; mocks of HttpCalloutMock are handled by Http.send. Counts it and checks uncommitted work. */
  callout(request: CalloutRequest): CalloutResponse;
  /** Counts a mocked callout and makes the same checks as a real one. */
  countCallout(): void;
  sendEmail(emails: SentEmail[]): void;
  sendNotification(notification: SentNotification): void;
  /** Base URL of the org: `https://example.my.salesforce.com`. */
  orgUrl(): string;

  /** `name` is the getter without `get` / `getLimit`: `Queries`, `DmlRows`, `CpuTime`. */
  limits: { used(name: string): number; max(name: string): number };
  test: TestSupport | null;
  request: RequestContext;
  /** RestContext.request and .response; a Visualforce-free holder that Apex may write. */
  rest: { request: Apex; response: Apex };
  eventTrigger: EventTriggerContext | null;
  cache: PlatformCache;

  /** Canonical name of a type of the org or the platform (`Account`, `List<Case>`, `Outer.Inner`), or null. */
  typeForName(namespace: string | null, name: string): TypeRef | null;
  /** Whether a value of type `sub` can be held by a variable of type `base`; both canonical. */
  isSubtype(sub: TypeRef, base: TypeRef): boolean;
  /** `new T()` by canonical name; TypeException without a visible no-argument constructor. */
  instantiate(type: TypeRef): Apex;
}
