import type { Sequences } from '../database/sequences.ts';
import type { Transactions } from '../database/transactions.ts';
import type { Permissions } from '../permissions/permissions.ts';
import type { DetailReader } from '../records/detail-values.ts';
import type { ApprovalLocks } from '../approvals/approval-locks.ts';
import type { PlatformRows } from '../records/platform-rows.ts';
import type { Records } from '../records/records.ts';
import type { RowLocks } from '../row-locks.ts';
import type { ObjectShape, ObjectShapes } from '../schema/object-shape.ts';
import type { RecycleBin } from './recycle-bin.ts';
import type {
  FieldSchema,
  ObjectSchema,
  QueryOptions,
  QueryResult,
  SaveError,
  SaveRequest,
  SaveResult,
  Schema,
  Store,
  TriggerHost,
  Value,
} from '../types.ts';
import type { FormulaScope, FormulaValue } from '../formula/values.ts';
import type { Criteria } from '../automation/types.ts';
import type { Entry } from './entry.ts';
import type { SavesUnderWay } from './under-way.ts';

/** Formulas and criteria that a save evaluates: those of rules and of defaults. */
export interface SaveFormulas {
  /** Whether the rule's formula is true for the new state of the row. */
  holds(context: SaveContext, entry: Entry, formula: string, what: string): boolean;
  /** The value of a field's default formula for a new row. */
  defaultValue(context: SaveContext, entry: Entry, field: FieldSchema): Value;
  /** The value of a formula for the new state of the row, as `field` stores it. `what` names the formula in errors. */
  value(context: SaveContext, entry: Entry, formula: string, what: string, field: FieldSchema): Value;
  /** What formulas read of the row under this name. */
  read(context: SaveContext, entry: Entry, name: string): FormulaValue;
  /** The value of a formula whose names `reads` resolves. */
  evaluate(
    context: SaveContext,
    formula: string,
    what: string,
    field: Pick<FieldSchema, 'type' | 'scale'>,
    reads: Pick<FormulaScope, 'isNew' | 'value' | 'prior'>,
  ): Value;
  /** Whether the new state of the row meets the criteria of a rule. */
  meets(context: SaveContext, entry: Entry, criteria: Criteria, what: string): boolean;
}

/** What the steps of a save work with. */
export interface SaveServices {
  orgId: string;
  schema: Schema;
  shapes: ObjectShapes;
  records: Records;
  details: DetailReader;
  recycleBin: RecycleBin;
  sequences: Sequences;
  transactions: Transactions;
  permissions: Permissions;
  platformRows: PlatformRows;
  approvalLocks: ApprovalLocks;
  state: Store['state'];
  rules: SaveFormulas;
  underWay: SavesUnderWay;
  locks: RowLocks;
  /** The org's first administrator. */
  administrator(): string | null;
  /** Saves and queries of automation within the save. */
  saveRecords(request: SaveRequest, triggers: TriggerHost): SaveResult[];
  query(soql: string, options: QueryOptions): QueryResult;
  /** Epoch milliseconds. */
  now(): number;
}

/** One chunk of rows of one object on its way through the steps. */
export interface SaveContext extends SaveServices {
  object: ObjectSchema;
  shape: ObjectShape;
  operation: 'insert' | 'update';
  request: Pick<SaveRequest, 'access' | 'source' | 'allowTruncation' | 'summaries'>;
  triggers: TriggerHost;
  /** The moment of the save in whole seconds, which is what audit fields hold. */
  moment: number;
}

/** One step: what is wrong with a row goes to `entry.errors`. */
export type Step = (context: SaveContext, entries: Entry[]) => void;

/** What happened to one row of a chunk. */
export interface ChunkOutcome {
  id: string | null;
  errors: SaveError[];
}

/** What happened to one row, before the whole request's outcome is known. */
export interface Outcome extends ChunkOutcome {
  created?: boolean;
}
