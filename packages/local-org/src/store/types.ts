/**
 * The terms of the record store: schema, rows, queries, saves. The store knows nothing of Apex: it
 * runs triggers through the TriggerHost it is given, and speaks plain JavaScript values.
 */

import type { FlowSchema } from './automation/flow/types.ts';
import type { ApprovalProcessSchema } from './approvals/types.ts';
import type { DuplicateRuleSchema, MatchingRuleSchema } from './automation/duplicates/types.ts';
import type {
  AssignmentRuleSchema,
  FieldUpdateSchema,
  OwnerName,
  SummarySchema,
  WorkflowRuleSchema,
} from './automation/types.ts';
import type { FieldSchema, FieldType, Value } from './field-types.ts';

export type { FieldSchema, FieldType, PicklistValue, Value } from './field-types.ts';

export type ObjectKind = 'standard' | 'custom' | 'customMetadata' | 'customSetting' | 'platformEvent';

export interface ValidationRuleSchema {
  name: string;
  active: boolean;
  formula: string;
  message: string;
  errorField?: string;
  description?: string;
}

export interface ObjectSchema {
  name: string;
  label: string;
  labelPlural: string;
  keyPrefix: string;
  kind: ObjectKind;
  createable: boolean;
  updateable: boolean;
  deletable: boolean;
  undeletable: boolean;
  queryable: boolean;
  mergeable: boolean;
  triggerable: boolean;
  /** Apex and the data API do not know it. */
  toolingOnly?: boolean;
  /** Keyed by lower-cased name. */
  fields: Map<string, FieldSchema>;
  validationRules: ValidationRuleSchema[];
  /** Lower-cased relationship name to child object and its lookup field. */
  childRelationships: Map<string, { name: string; object: string; field: string }>;
  /** Platform events: `PublishAfterCommit` or `PublishImmediately`. */
  publishBehavior?: string;
  /** Org-wide default (`Private`, `Read`, `ReadWrite`, `ReadWriteTransfer`, `ControlledByParent`). */
  sharingModel?: string;
  /** In the order of their file. */
  workflowRules?: WorkflowRuleSchema[];
  assignmentRules?: AssignmentRuleSchema[];
  /** Those of its workflow file, by name: rules and approval processes share them. */
  fieldUpdates?: ReadonlyMap<string, FieldUpdateSchema>;
  approvalProcesses?: ApprovalProcessSchema[];
  matchingRules?: MatchingRuleSchema[];
  /** In their order. */
  duplicateRules?: DuplicateRuleSchema[];
  /** Flows that its records trigger, active or not. */
  flows?: FlowSchema[];
  /** Who gets what no line of an assignment rule assigns, where support settings say so; else the first administrator. */
  defaultOwner?: OwnerName;
  /** Roll-up summaries of masters over records of this object. */
  summaries?: SummarySchema[];
  recordTypes?: { developerName: string; label: string; description: string | null; active: boolean }[];
  /** Custom settings: `List` or `Hierarchy`. */
  customSettingsType?: string;
}

export interface Schema {
  /** Keyed by lower-cased name. */
  objects: Map<string, ObjectSchema>;
  byKeyPrefix: Map<string, ObjectSchema>;
  /** All flows of the org, those that no record triggers too. */
  flows?: FlowSchema[];
}

/** A record. Keys of `values` are field names in schema spelling. Absent key: not given or not read; null: empty. */
export interface Row {
  object: string;
  id: string | null;
  values: Map<string, Value>;
  /** Which assignment rule decides on the owner when the row is saved: the active one, or one by id. Default none. */
  assignmentRule?: AssignmentChoice;
  /** What the caller says to duplicate rules. Default: it does not go on, and sharing is that of the request. */
  duplicateChoice?: DuplicateChoice;
  /** Set when Apex made the row by SObject.clone: the id of the record it copies, or null when that had none. */
  clonedFrom?: string | null;
}

/** The active assignment rule, or one by its id. */
export type AssignmentChoice = 'active' | { ruleId: string };

/** `allowSave`: saves what a rule only alerts of. `asUser`: only duplicates that the user sees count. */
export interface DuplicateChoice {
  allowSave: boolean;
  asUser: boolean;
}

/** Who asks, and whether object, field and record permissions are enforced. */
export interface Access {
  userId: string;
  /** `user`: object and field permissions are enforced and violations are errors. */
  mode: 'system' | 'user';
  /** Whether sharing restricts the rows in system mode too; in user mode it always does. */
  sharing: boolean;
}

/** A Salesforce error: `code` is the platform's status code (`INVALID_FIELD`, `DUPLICATE_VALUE`, …). */
export interface SaveError {
  code: string;
  message: string;
  fields: string[];
  /** Of DUPLICATES_DETECTED: by which rule, and of what. */
  duplicates?: DuplicateResult;
}

/** What a duplicate rule found. */
export interface DuplicateResult {
  rule: string;
  object: string;
  /** Whether the caller may save it nevertheless. */
  allowSave: boolean;
  matches: DuplicateMatch[];
}

/** Records that a matching rule takes for the same. */
export interface DuplicateMatch {
  rule: string;
  ids: string[];
}

export type SaveOperation = 'insert' | 'update' | 'upsert' | 'delete' | 'undelete';

export interface SaveRequest {
  operation: SaveOperation;
  rows: Row[];
  /** True: one failing row rolls the whole request back. False: rows that fail are left out and triggers fire again for the survivors. */
  allOrNone: boolean;
  access: Access;
  /** For upsert: the field to match by (default Id). */
  externalIdField?: string;
  /**
   * Apex may pass on read-only fields that it queried: they are ignored (the compiler refuses to assign
   * them). Over the API they are an error. Default `apex`.
   */
  source?: 'apex' | 'api';
  /** Truncate over-long text instead of failing (DMLOptions.AllowFieldTruncation). */
  allowTruncation?: boolean;
  /** The platform saves a master whose roll-up summaries have changed: they may be written. */
  summaries?: boolean;
}

export interface SaveResult {
  id: string | null;
  success: boolean;
  /** For upsert. */
  created: boolean;
  errors: SaveError[];
}

export interface MergeResult extends SaveResult {
  /** Records that looked the losers up and look up the master now. */
  updatedRelatedIds: string[];
}

export type TriggerTiming = 'before' | 'after';
export type TriggerOperation = 'insert' | 'update' | 'delete' | 'undelete';

export interface TriggerCall {
  object: string;
  timing: TriggerTiming;
  operation: TriggerOperation;
  /** The new state of the chunk (at most 200 rows); in before triggers the host writes changes into these rows. Absent for delete. */
  newRows?: Row[];
  /** The full stored state before the change. Absent for insert and undelete. */
  oldRows?: Row[];
}

/** What runs Apex triggers for the store. Errors by `addError` come back per row, by index; anything else it throws aborts the save. */
export interface TriggerHost {
  hasTriggers(object: string, timing: TriggerTiming, operation: TriggerOperation): boolean;
  fire(call: TriggerCall): SaveError[][];
  /** Charges steps of work that a save makes on its own, such as its rules' regular expressions, to the transaction. */
  spend?(steps: number): void;
  /** Counts what flows use against the limits of the transaction. */
  charge?(limit: 'Queries' | 'QueryRows' | 'DmlStatements' | 'DmlRows', amount: number): void;
  /** Roll-up summaries over what is saved stay as they are. */
  skipsSummaries?: boolean;
}

/** A record is submitted to an approval process. */
export interface SubmitRequest {
  kind: 'submit';
  recordId: string;
  /** Default: who asks. */
  submitterId: string | null;
  /** Default: the first active process whose criteria the record meets. */
  process: string | null;
  skipCriteria: boolean;
  comments: string | null;
  nextApproverIds: string[];
}

/** Somebody decides on a step of one, or recalls it. */
export interface WorkitemRequest {
  kind: 'workitem';
  workitemId: string;
  action: 'Approve' | 'Reject' | 'Removed';
  comments: string | null;
  nextApproverIds: string[];
}

export type ApprovalRequest = SubmitRequest | WorkitemRequest;

/** Who asks, and the triggers that field updates run. */
export interface ApprovalCaller {
  access: Access;
  triggers: TriggerHost;
}

export interface ApprovalOutcome {
  success: boolean;
  errors: SaveError[];
  entityId: string | null;
  instanceId: string | null;
  /** Status of the instance: `Pending`, `Approved`, `Rejected`, `Removed`. */
  status: string | null;
  newWorkitemIds: string[];
  /** Who has to decide now. */
  actorIds: string[];
}

/** What became of the lock of one record. */
export interface LockOutcome {
  id: string;
  errors: SaveError[];
}

/** Thrown for a request that fails as a whole (malformed query, unknown object). */
export class StoreError extends Error {
  override name = 'StoreError';
  readonly code: string;
  readonly fields: string[];
  constructor(code: string, message: string, fields: string[] = []) {
    super(message);
    this.code = code;
    this.fields = fields;
  }
}

/** Bind variables by name without the colon; a list binds to IN. */
export type Binds = Record<string, Value | Value[]>;

/** A queried record: selected columns, parent records and child results under their relationship names. */
export interface QueriedRow {
  object: string;
  /** The record's id, whether selected or not; null for aggregate results. */
  id: string | null;
  /** Schema spelling of each selected field (or alias of an aggregate, `expr0`) to its value, in select order. */
  values: Map<string, Value>;
  /** Relationship name in schema spelling to the parent, or null. */
  parents: Map<string, QueriedRow | null>;
  children: Map<string, QueriedRow[]>;
  /** Types of aggregate result columns, so that callers can convert. */
  aggregate?: Map<string, FieldType>;
}

export interface QueryResult {
  rows: QueriedRow[];
  /** For `SELECT COUNT() FROM …`: the count; rows is empty. */
  count?: number;
  /** The object of FROM, of aggregate results too. */
  object: string;
  /** Rows read, as they count toward the governor limit. */
  rowsCounted: number;
  aggregate: boolean;
}

/** A field that a query selects. Through relationships: `['Account', 'Name']`; of an aggregate, its alias. Schema spelling. */
export interface QueryColumn {
  path: string[];
  type: FieldType;
}

/** Parts of SOQL that not every API takes. */
export type QueryFeature = 'aggregates' | 'GROUP BY' | 'OFFSET' | 'children' | 'FIELDS()';

/** What a query asks for, as can be told without reading a row. */
export interface QueryDescription {
  /** The object of FROM. */
  object: string;
  /** In the order of the SELECT list. */
  columns: QueryColumn[];
  features: ReadonlySet<QueryFeature>;
}

export interface QueryOptions {
  access: Access;
  binds?: Binds;
  /** The Tooling API asks: objects that only it has are there too. */
  tooling?: boolean;
  /** queryAll: deleted rows too. */
  allRows?: boolean;
  /** Asked by an Apex trigger, or by what it calls. */
  inTrigger?: boolean;
  /** Divided by primary key, as query jobs are: each part is small enough to be walked. */
  chunked?: boolean;
}

export interface PublishedEvent {
  replayId: number;
  /** API name of the event object. */
  object: string;
  /** Epoch milliseconds. */
  createdAt: number;
  createdById: string;
  values: Record<string, Value>;
  uuid: string;
}

/** A store-wide transaction. Savepoints nest; ids given out are not taken back. */
export interface Transaction {
  savepoint(): number;
  rollbackTo(savepoint: number): void;
  commit(): void;
  rollback(): void;
}

export interface Store {
  readonly schema: Schema;
  readonly orgId: string;
  begin(): Transaction;
  /** Runs what begins a transaction of its own while one is open: it is committed with the open one, and undone with it. */
  meanwhile<T>(work: () => T): T;
  /** Must be called within a transaction. */
  save(request: SaveRequest, triggers: TriggerHost): SaveResult[];
  merge(master: Row, duplicateIds: string[], access: Access, triggers: TriggerHost): MergeResult;
  /** Takes records that are in the recycle bin out of it for good. One result for each id. */
  emptyRecycleBin(ids: string[], access: Access): SaveResult[];
  /** Another transaction is taken to hold the rows for so many milliseconds of the clock: what needs them longer waits in vain. */
  holdRows(ids: string[], ms: number): void;
  /** It lets go of all of them. */
  releaseRows(): void;
  query(soql: string, options: QueryOptions): QueryResult;
  /** Describes a query without running it. Throws what `query` would throw before it reads. */
  describeQuery(soql: string, options: QueryOptions): QueryDescription;
  /** Full stored state by ids, formulas included; missing ids are left out, rows in the recycle bin (`IsDeleted`) are not. */
  read(object: string, ids: string[]): Row[];
  /** Normalises an id to 18 characters, or null when it is not one. */
  normalizeId(id: string): string | null;
  newId(object: string): string;
  /** The next `count` ids of every object are not given out: they were, after the state that this store was restored to. */
  skipIds(count: number): void;
  /**
   * Writes a row as the platform itself does (AsyncApexJob, CronTrigger, ApexLog …): inserted when `row.id` is new, otherwise the
   * given fields are changed. Any field may be written; no triggers, no checks, no permissions. Part of the transaction.
   */
  writePlatformRow(row: Row & { id: string }): void;
  /** The id of the standard price book, which is made where an isolated copy has none. Part of the transaction. */
  standardPriceBook(): string;
  /** Takes a platform row away without the recycle bin. */
  removePlatformRow(object: string, id: string): void;
  /**
   * An independent store in memory with the same schema and a copy of the setup data (users, profiles, permission sets and their
   * assignments, roles, groups, organization, custom metadata, Apex classes …) but none of the other records, events or state:
   * what an Apex test without SeeAllData sees.
   */
  isolatedCopy(): Store;
  objectOfId(id: string): ObjectSchema | null;
  /** Platform events: appended at commit (or at once), read by replay id. */
  events: {
    /** Part of the open transaction, if there is one. */
    append(events: Omit<PublishedEvent, 'replayId'>[]): PublishedEvent[];
    after(object: string, replayId: number, limit: number): PublishedEvent[];
    newest(): number;
    /** Smallest replay id still retained, or newest()+1 when there are none. */
    oldest(): number;
    /** Drops events older than the retention (72 h). */
    expire(before: number): void;
    /** Called after events were appended and committed. Returns the unsubscriber. */
    onAppend(listener: (events: PublishedEvent[]) => void): () => void;
  };
  /** Durable key-value pairs for the org's own state (async jobs, schedules, sessions). Part of the transaction. */
  state: {
    get(kind: string, key: string): string | null;
    put(kind: string, key: string, value: string): void;
    delete(kind: string, key: string): void;
    list(kind: string): { key: string; value: string }[];
  };
  approvals: {
    /** Within a transaction; one outcome a request. With `allOrNone` one that fails undoes them all. */
    process(requests: readonly ApprovalRequest[], allOrNone: boolean, caller: ApprovalCaller): ApprovalOutcome[];
    lock(ids: readonly string[], allOrNone: boolean): LockOutcome[];
    unlock(ids: readonly string[], allOrNone: boolean): LockOutcome[];
    /** The locked ones among these. */
    locked(ids: readonly string[]): ReadonlySet<string>;
  };
  permissions: {
    /** May the user do this to the object: read, create, edit, delete. */
    object(
      userId: string,
      object: string,
      right: 'read' | 'create' | 'edit' | 'delete' | 'viewAll' | 'modifyAll',
    ): boolean;
    field(userId: string, object: string, field: string, right: 'read' | 'edit'): boolean;
    custom(userId: string, permission: string): boolean;
    /** Apex class access, for Apex REST and @AuraEnabled. */
    apexClass(userId: string, className: string): boolean;
  };
  /**
   * Takes objects to have so many rows (by name): queries on them that no index serves are refused as Salesforce would.
   * Holds for copies of this store too.
   */
  takeSizes(sizes: Record<string, number>): void;
  close(): void;
}
